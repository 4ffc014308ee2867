using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

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
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(150);

    // Nodes are asked in turn, so that one that does not answer does not block the result.
    private int _asked;
    private readonly Workload _workload = new(cloud.Nodes, cloud.Traces, setup.Seed);

    public async Task<ChaosResult> RunAsync()
    {
        await cloud.StartAsync();
        using var stop = new CancellationTokenSource();
        var working = _workload.RunAsync(setup.JobsPerSecond, stop.Token);
        await Task.WhenAll(
            new FaultInjector(cloud, log).RunAsync(setup.Faults),
            Task.Delay(setup.Length)
        );
        await stop.CancelAsync();
        await working;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var settled = await HaveEndedAsync();
        var took = clock.Elapsed;
        var jobs = await FatesAsync();
        var leftovers = await cloud.StopAsync();
        return new ChaosResult(
            jobs,
            Checker.Check(jobs, leftovers),
            _workload.Refusals,
            settled ? took : null
        );
    }

    /// <summary>Waits until all jobs have ended; false: some have not, and none ended for a long
    /// time.</summary>
    private async Task<bool> HaveEndedAsync()
    {
        var (last, since) = (-1, System.Diagnostics.Stopwatch.StartNew());
        while (since.Elapsed < EndLimit)
        {
            await Task.Delay(1000);
            if (await DetailsAsync() is not { } details)
                continue;
            var open = details.Values.Count(static job =>
                job?.Status is Status.Waiting or Status.Queued or Status.Processing
            );
            if (open == 0)
                return true;
            if (open != last)
                (last, since) = (open, System.Diagnostics.Stopwatch.StartNew());
        }
        return false;
    }

    private async Task<IReadOnlyList<JobOutcome>> FatesAsync()
    {
        IReadOnlyDictionary<long, JobDetail?>? details = null;
        await Eventually.HoldsAsync(
            async () => (details = await DetailsAsync()) is not null,
            "a node returns the jobs",
            EndLimit
        );
        return
        [
            .. _workload
                .Jobs.OrderBy(job => job.Jid)
                .Select(job =>
                {
                    var detail = details![job.Jid];
                    var file = _workload.FileOf(job.RequestId);
                    return new JobOutcome(
                        job.RequestId,
                        job.Jid,
                        job.Restartable,
                        detail?.Status,
                        detail?.Attempt ?? 0,
                        File.Exists(file) ? Traces.Parse(File.ReadAllText(file)) : []
                    );
                }),
        ];
    }

    /// <summary>Returns every acknowledged job, with null for unknown ones; null: no node
    /// answers.</summary>
    private async Task<IReadOnlyDictionary<long, JobDetail?>?> DetailsAsync()
    {
        var jids = _workload.Jobs.Select(static job => job.Jid).Distinct().ToArray();
        try
        {
            var found = await Task.WhenAll(jids.Chunk(100).Select(DetailsAsync));
            return found.SelectMany(static some => some).ToDictionary();
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private async Task<Dictionary<long, JobDetail?>> DetailsAsync(long[] jids)
    {
        var details = jids.ToDictionary(static jid => jid, static JobDetail? (_) => null);
        var request = new InfoRequest { Jobs = new Selection(), Items = { "status", "attempt" } };
        foreach (var jid in jids)
            request.Jobs.Items.Add(
                new SelectionItem
                {
                    Range = new JidRange { First = jid, Last = jid },
                }
            );
        using var call = cloud
            .Nodes[_asked++ % cloud.Nodes.Count]
            .Client.Info(request, deadline: DateTime.UtcNow + TimeSpan.FromSeconds(30));
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                details[call.ResponseStream.Current.Jid] = call.ResponseStream.Current;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.NotFound)
        {
            // One of the jids is unknown; asking one by one shows which.
            if (jids.Length == 1)
                return details;
            foreach (var jid in jids)
                details[jid] = (await DetailsAsync([jid]))[jid];
        }
        return details;
    }
}
