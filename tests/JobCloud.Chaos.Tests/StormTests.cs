namespace JobCloud.Chaos.Tests;

[Collection("clouds, one at a time")]
public class StormTests
{
    /// <summary>The faults that once left a node down for good, and some of each kind.</summary>
    [Fact]
    public async Task A_node_recovers_from_kills_and_stops_of_its_processes_and_loses_no_job()
    {
        var report = new StringWriter();
        StormFault[] faults =
        [
            new(Blow.None, Blow.Kill, Blow.Kill, Order: 3, TimeSpan.FromSeconds(1)),
            new(Blow.Kill, Blow.Kill, Blow.None, Order: 0, TimeSpan.Zero),
            new(Blow.Stop, Blow.Kill, Blow.None, Order: 0, TimeSpan.Zero),
            new(Blow.None, Blow.Stop, Blow.Kill, Order: 0, TimeSpan.Zero),
        ];
        using var storm = new Storm(ChaosCloud.BuiltPrograms(), report);

        var result = await storm.RunAsync(faults, jobsPerSecond: 2);

        Report.Write(result, report);
        Assert.True(
            result.Violations.Count == 0 && result.Settled is not null && result.Jobs.Count > 5,
            report.ToString()
        );
    }

    [Fact]
    public void A_storm_contains_every_combination_of_blows()
    {
        var plan = StormFault.Plan(seed: 1, count: 26);

        Assert.Equal(
            26,
            plan.Select(fault => (fault.Guard, fault.Executor, fault.Node)).Distinct().Count()
        );
    }
}
