using JobCloud.Testing;

namespace JobCloud.Chaos.Tests;

[Collection("clouds, one at a time")]
public class ShortRunTests
{
    /// <summary>Runs some faults that end quickly against two nodes under load.</summary>
    [PostgreSqlFact]
    public async Task Killing_nodes_and_the_store_under_load_loses_nothing()
    {
        var report = new StringWriter();
        Fault[] faults =
        [
            new(TimeSpan.FromSeconds(1), FaultKind.KillNode, 0, TimeSpan.FromSeconds(3)),
            new(TimeSpan.FromSeconds(4), FaultKind.StopStore, 0, TimeSpan.FromSeconds(2)),
            new(TimeSpan.FromSeconds(7), FaultKind.LoseMachine, 1, TimeSpan.FromSeconds(1)),
        ];
        using var cloud = new ChaosCloud(
            new CloudConfiguration(Nodes: 2, ChaosCloud.BuiltPrograms())
        );
        var setup = new ChaosSetup(
            Seed: 1,
            Length: TimeSpan.FromSeconds(10),
            JobsPerSecond: 4,
            faults
        );
        var run = new ChaosRun(cloud, setup, report);
        var result = await run.RunAsync();
        Report.Write(result, report);
        Assert.True(result.Violations.Count == 0 && result.Jobs.Count > 10, report.ToString());
    }
}
