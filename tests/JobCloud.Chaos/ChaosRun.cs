namespace JobCloud.Chaos;

/// <summary>The parameters of a run.</summary>
/// <param name="Length">Minimum duration of the workload, which continues until the last fault is
/// repaired.</param>
/// <param name="Faults">The faults in order.</param>
public sealed record ChaosSetup(
    int Seed,
    TimeSpan Length,
    double JobsPerSecond,
    IReadOnlyList<Fault> Faults
);

/// <summary>The result of a run.</summary>
/// <param name="Settled">Time from the last repair until all jobs had ended; null: not in
/// time.</param>
public sealed record ChaosResult(
    IReadOnlyList<JobOutcome> Jobs,
    IReadOnlyList<Violation> Violations,
    IReadOnlyDictionary<string, int> Refusals,
    TimeSpan? Settled
);

/// <summary>A cloud under load and with faults.</summary>
public sealed class ChaosRun(ChaosCloud cloud, ChaosSetup setup, TextWriter log)
{
    /// <summary>Nodes trust their own view for less time than a long outage lasts, and erase
    /// deleted jobs soon.</summary>
    public const string Settings = """
        jobcloud.cluster.without-store = 20s
        jobcloud.segments.erase-within = 1s
        """;

    private readonly FaultInjector _injector = new(cloud, log);
    private readonly Workload _workload = new(cloud.Nodes, cloud.Traces, setup.Seed);

    public async Task<ChaosResult> RunAsync()
    {
        await cloud.StartAsync();
        using var stop = new CancellationTokenSource();
        var working = _workload.RunAsync(setup.JobsPerSecond, stop.Token);
        await Task.WhenAll(_injector.RunAsync(setup.Faults), Task.Delay(setup.Length));
        await stop.CancelAsync();
        await working;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var outcomes = new JobOutcomes(cloud.Nodes, _workload);
        var settled = await outcomes.HaveEndedAsync();
        var took = clock.Elapsed;
        var jobs = await outcomes.AllAsync();
        var away = await cloud.AbsentAsync();
        var damage = jobs is null ? [] : await _injector.Kills.ViolationsAsync();
        var leftovers = await cloud.StopAsync();
        return new ChaosResult(
            jobs ?? [],
            [.. Checker.Check(jobs, leftovers, away, _workload.Unacknowledged), .. damage],
            _workload.Refusals,
            settled ? took : null
        );
    }
}
