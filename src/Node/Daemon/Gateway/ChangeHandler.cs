using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Kills, deletes and retries jobs. Checks all of them first, so that a refused request
/// changes nothing.</summary>
internal sealed class ChangeHandler(Selections selections, SegmentClient segments)
{
    public async Task<Outcome<ChangeReply>> ChangeAsync(
        Selection jobs,
        ChangeJobs change,
        Identity by,
        CancellationToken cancel
    )
    {
        var selected = await selections.ResolveAsync(jobs, by, cancel);
        if (!selected.IsGranted)
            return selected.Refusal;
        var ranges = JidRanges.Normalize(selected.Reply);
        if (await RefusedAsync(ranges, change.Change, by) is { } refusal)
            return refusal;
        var (changed, failure) = await segments.ChangeAsync(change, ranges, by);
        return failure is not null
            ? failure
            : new ChangeReply { Selected = JidRanges.Count(ranges), Changed = changed };
    }

    private async Task<Refusal?> RefusedAsync(
        IReadOnlyList<JidRange> jobs,
        Change change,
        Identity by
    )
    {
        // One segment refuses or applies a request as a whole, without a check beforehand.
        if (jobs.Count == 0 || Segments.Of(jobs[0].First) == Segments.Of(jobs[^1].Last))
            return null;
        await foreach (var read in segments.ReadAsync(jobs, ReadDepth.Status, by))
        {
            if (!read.IsGranted)
                return read.Refusal;
            if (change != Change.Delete)
                continue;
            foreach (var run in read.Reply.Runs)
                if (!run.Status.IsFinished())
                    return Refusals.Unfinished(new Jid(run.First), run.Status);
        }
        return null;
    }
}
