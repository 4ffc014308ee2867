using System.Diagnostics;
using System.Globalization;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Chaos;

/// <summary>How many jobs a second an undisturbed cloud runs: maps of `true`, submitted through one node.</summary>
public sealed class Speed(ChaosCloud cloud, TextWriter log)
{
    public async Task MeasureAsync(int jobs, int rounds)
    {
        await cloud.StartAsync();
        await cloud.AllReadyAsync(cloud.Nodes[0]);
        await MapAsync(jobs / 10);
        for (var round = 1; round <= rounds; round++)
        {
            var took = await MapAsync(jobs);
            await log.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{cloud.Nodes.Count} nodes, round {round}: {jobs} jobs in {took.TotalSeconds:F1} s = {jobs / took.TotalSeconds:F0} jobs/s"
                )
            );
        }
    }

    private async Task<TimeSpan> MapAsync(int jobs)
    {
        var client = cloud.Nodes[0].Client;
        var watch = Stopwatch.StartNew();
        var map = await client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = "true",
                    Cores = 1,
                    Priority = 5,
                },
                Count = jobs,
                IsMap = true,
            }
        );
        var range = new JidRange { First = map.First, Last = map.Last };
        using var waiting = client.Await(
            new AwaitRequest
            {
                Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            }
        );
        while (await waiting.ResponseStream.MoveNext(CancellationToken.None))
            if (waiting.ResponseStream.Current.Finished)
                break;
        return watch.Elapsed;
    }
}
