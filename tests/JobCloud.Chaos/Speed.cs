using System.Globalization;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Measures the jobs per second of an undisturbed cloud: maps of `true`, submitted through
/// one node.</summary>
public sealed class Speed(ChaosCloud cloud, TextWriter log)
{
    public async Task MeasureAsync(int jobs, int rounds)
    {
        await cloud.StartAsync();
        await cloud.AllReadyAsync(cloud.Nodes[0]);
        var client = cloud.Nodes[0].Client;
        await TrueMap.RunAsync(client, jobs / 10);
        for (var round = 1; round <= rounds; round++)
        {
            var took = await TrueMap.RunAsync(client, jobs);
            await log.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cloud.Nodes.Count} nodes, round {round}: {jobs} jobs in {took.TotalSeconds:F1} s = {jobs / took.TotalSeconds:F0} jobs/s"
                )
            );
        }
    }
}
