using JobCloud.Testing;

namespace JobCloud.Chaos.Tests;

[Collection("clouds, one at a time")]
public class StoreKillTests
{
    [PostgreSqlFact]
    public async Task Killing_nodes_while_they_compact_erase_and_migrate_loses_nothing()
    {
        var report = new StringWriter();
        FaultKind[] kinds =
        [
            FaultKind.KillBeforeCompaction,
            FaultKind.KillInErase,
            FaultKind.KillInMigration,
        ];
        using var cloud = new ChaosCloud(
            new CloudConfiguration(Nodes: 2, ChaosCloud.BuiltPrograms(), ChaosRun.Settings)
        );
        var setup = new ChaosSetup(
            Seed: 1,
            Length: TimeSpan.Zero,
            JobsPerSecond: 2,
            [
                .. kinds.Select(
                    (kind, i) =>
                        new Fault(TimeSpan.FromSeconds(1), kind, i % 2, TimeSpan.FromSeconds(1))
                ),
            ]
        );

        var result = await new ChaosRun(cloud, setup, report).RunAsync();

        Report.Write(result, report);
        Assert.True(result.Violations.Count == 0 && result.Jobs.Count > 5, report.ToString());
    }
}
