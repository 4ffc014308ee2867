using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Sandboxes;

namespace JobCloud.Protocol.Jobs;

/// <summary>Builds the scheduler's updates of a segment's jobs.</summary>
public static class SegmentUpdates
{
    /// <summary>A full update: all queued jobs and active attempts.</summary>
    public static SegmentUpdate Of(Segment segment)
    {
        var update = new SegmentUpdate { Segment = segment.Number, Full = true };
        for (var jid = new Jid(segment.First); jid <= segment.Highest; jid++)
            if (segment.Find(jid) is { } job)
                Append(update, segment, null, job);
        foreach (var slice in segment.Slices)
            if (slice.Spec.MaxFails > 0 && slice.Failed > 0)
                update.Failed.Add(FailedOf(segment, slice));
        return update;
    }

    /// <summary>Adds the change of one job. Ranges grow only if jids come in order.</summary>
    public static void Append(SegmentUpdate update, Segment segment, Job? before, Job after)
    {
        var held = segment.IsHeld(after.Slice);
        if (before?.ActiveNode is not null && IsOther(before, after))
            update.Ended.Add(new EndedAttempt { Jid = after.Jid, Status = after.Status });
        if (after.ActiveNode is { } node)
        {
            if (
                before is null
                || IsOther(before, after)
                || HasStarted(before, after)
                || before.Priority != after.Priority
            )
                update.Active.Add(Active(after, node));
        }
        else if (after.Phase is JobPhase.Queued queued)
        {
            if (!held)
                AppendRunnable(update, after, queued);
        }
        else if (before?.Phase is JobPhase.Queued && !held)
            AppendWithdrawn(update, after.Jid);
    }

    private static FailedJobs FailedOf(Segment segment, Slice slice)
    {
        var failed = new FailedJobs
        {
            SubmissionFirst = slice.SubmissionFirst,
            MaxFails = slice.Spec.MaxFails,
        };
        for (var jid = new Jid(slice.First); jid <= slice.Last; jid++)
            if (segment.Find(jid) is { IsDeleted: false } job && job.Status.IsBad())
                failed.Jobs.Add(JidRanges.Range(jid, jid));
        return failed;
    }

    private static bool IsOther(Job before, Job after) =>
        before.ActiveNode != after.ActiveNode || before.Attempt != after.Attempt;

    private static bool HasStarted(Job before, Job after) =>
        before.Phase is JobPhase.Assigned && after.Phase is JobPhase.Processing;

    private static void AppendRunnable(SegmentUpdate update, Job job, JobPhase.Queued queued)
    {
        var last = update.Runnable.Count > 0 ? update.Runnable[^1] : null;
        if (
            last is not null
            && last.First + last.Count == job.Jid
            && last.SubmissionFirst == job.Slice.SubmissionFirst
            && last.NotBefore == queued.NotBefore
            && last.Priority == job.Priority
            && last.Restarted == queued.Restarted
            && last.AvoidNode == queued.AvoidNode
            && last.Waited == HasWaited(job)
        )
        {
            last.Count++;
            return;
        }
        var spec = job.Slice.Spec;
        var sandbox = Sandbox.Of(spec);
        update.Runnable.Add(
            new RunnableJobs
            {
                First = job.Jid,
                Count = 1,
                SubmissionFirst = job.Slice.SubmissionFirst,
                Created = job.Slice.Created,
                NotBefore = queued.NotBefore,
                Backoff = queued.NotBefore > 0 ? queued.NotBefore - queued.Since : 0,
                Waited = HasWaited(job),
                Priority = job.Priority,
                Restarted = queued.Restarted,
                Owner = job.Slice.Owner,
                Cores = spec.Cores,
                MemoryBytes = spec.MemoryBytes,
                MaxParallel = spec.MaxParallel,
                MaxFails = spec.MaxFails,
                AvoidNode = queued.AvoidNode,
                NeedsSandbox = sandbox is { HasMounts: true },
                NeedsPrivateNetwork = sandbox is { IsolatesNetwork: true },
            }
        );
    }

    private static bool HasWaited(Job job) => job.Attempt > 0 || job.Slice.Gates.Count > 0;

    private static void AppendWithdrawn(SegmentUpdate update, Jid jid)
    {
        if (update.Withdrawn.Count > 0 && update.Withdrawn[^1].Last == jid - 1)
            update.Withdrawn[^1].Last = jid;
        else
            update.Withdrawn.Add(new JidRange { First = jid, Last = jid });
    }

    private static ActiveAttempt Active(Job job, string node) =>
        new()
        {
            Jid = job.Jid,
            Attempt = job.Attempt,
            Node = node,
            Cores = job.Slice.Spec.Cores,
            MemoryBytes = job.Slice.Spec.MemoryBytes,
            Owner = job.Slice.Owner,
            SubmissionFirst = job.Slice.SubmissionFirst,
            Started = job.Phase is JobPhase.Processing,
            MaxParallel = job.Slice.Spec.MaxParallel,
            MaxFails = job.Slice.Spec.MaxFails,
            Priority = job.Priority,
            Restarted = job.Phase is JobPhase.Assigned { Before.Restarted: true },
            AvoidNode = job.Phase is JobPhase.Assigned { Before.AvoidNode: var avoid } ? avoid : "",
        };
}
