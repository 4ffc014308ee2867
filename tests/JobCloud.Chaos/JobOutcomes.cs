using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;

namespace JobCloud.Chaos;

/// <summary>Asks the nodes what became of the acknowledged jobs.</summary>
public sealed class JobOutcomes(IReadOnlyList<ChaosNode> nodes, Workload workload)
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(150);

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

    /// <summary>The final states of all acknowledged jobs; null: no node answers.</summary>
    public async Task<IReadOnlyList<JobOutcome>?> AllAsync()
    {
        IReadOnlyDictionary<long, JobDetail?>? details = null;
        for (
            var since = System.Diagnostics.Stopwatch.StartNew();
            details is null && since.Elapsed < EndLimit;
            details = await DetailsAsync()
        )
            await Task.Delay(1000);
        if (details is null)
            return null;
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
        // All nodes are asked at once: one that stays away must not delay the result.
        return await Answers.FirstAsync(nodes.Select(node => DetailsAsync(node, jids)));
    }

    /// <summary>Null: the node does not answer.</summary>
    private static async Task<IReadOnlyDictionary<long, JobDetail?>?> DetailsAsync(
        ChaosNode node,
        long[] jids
    )
    {
        try
        {
            var found = await Task.WhenAll(
                jids.Chunk(100).Select(some => DetailsOfAsync(node, some))
            );
            return found.SelectMany(static some => some).ToDictionary();
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static async Task<Dictionary<long, JobDetail?>> DetailsOfAsync(
        ChaosNode node,
        long[] jids
    )
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
        using var call = node.Client.Info(
            request,
            deadline: DateTime.UtcNow + TimeSpan.FromSeconds(30)
        );
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
                details[jid] = (await DetailsOfAsync(node, [jid]))[jid];
        }
        return details;
    }
}
