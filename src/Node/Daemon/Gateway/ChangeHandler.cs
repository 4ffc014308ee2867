using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;

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
        if (failure is not null)
            return failure;
        var reply = new ChangeReply { Selected = JidRanges.Count(ranges), Changed = changed };
        if (change.Change != Change.Retry || changed == reply.Selected)
            return reply;
        var stalled = await StalledAsync(ranges, by);
        if (changed == 0 && stalled is not null)
            return stalled;
        reply.Note = stalled?.Message ?? "";
        return reply;
    }

    /// <summary>Names the first job that stays stalled because a dependency that was not retried
    /// with it has failed; null: there is none.</summary>
    private async Task<Refusal?> StalledAsync(IReadOnlyList<JidRange> jobs, Identity by)
    {
        await foreach (var read in segments.StatusesAsync(jobs, by))
        foreach (var run in read.Runs.Where(run => run.Status == Status.Stalled))
        {
            var job = await segments.DetailAsync(new Jid(run.First), by);
            if (
                !job.IsGranted
                || job.Reply is not { Status: Status.Stalled, Reason.Number: > 0 and var number }
                || JidRanges.Contains(jobs, number)
            )
                continue;
            var dependency = await segments.DetailAsync(new Jid(number), by);
            return Refusals.Of(
                RefusalCode.Unspecified,
                new Jid(run.First),
                dependency.IsGranted
                    ? $"Job {run.First} stays stalled: its dependency {number} is {StatusNames.Of(dependency.Reply.Status)}; retry {number} first."
                    : $"Job {run.First} stays stalled because of its dependency {number}: {dependency.Refusal.Message}"
            );
        }
        return null;
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
