using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>Asks the nodes what became of the acknowledged jobs.</summary>
public sealed class JobOutcomes(IReadOnlyList<ChaosNode> nodes, Workload workload)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(150);

    // Nodes are asked in turn, so that one that does not answer does not block the result.
    private int _asked;

    /// <summary>Waits until all jobs have ended; false: some have not, and none ended for a long
    /// time.</summary>
    public async Task<bool> HaveEndedAsync()
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

    /// <summary>The final states of all acknowledged jobs.</summary>
    public async Task<IReadOnlyList<JobOutcome>> AllAsync()
    {
        IReadOnlyDictionary<long, JobDetail?>? details = null;
        await Eventually.HoldsAsync(
            async () => (details = await DetailsAsync()) is not null,
            "a node returns the jobs",
            EndLimit
        );
        return
        [
            .. workload
                .Jobs.OrderBy(job => job.Jid)
                .Select(job =>
                {
                    var detail = details![job.Jid];
                    var file = workload.FileOf(job.RequestId);
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
        var jids = workload.Jobs.Select(static job => job.Jid).Distinct().ToArray();
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
        using var call = nodes[_asked++ % nodes.Count]
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
