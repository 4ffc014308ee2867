using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

/// <summary>
/// Decides the outcome of a request to a segment. It is total: for every job in every phase it
/// records events in the batch, or none, and it returns expected errors as a <see cref="Refusal"/>.
/// </summary>
public static partial class Decide
{
    /// <summary>Adds slices of submissions, all or none. A repeated slice adds nothing.</summary>
    public static Refusal? Submit(PendingCommit batch, params IReadOnlyList<SubmitSlice> slices)
    {
        var segment = batch.Segment;
        var next = Math.Max(segment.First, segment.Highest + 1);
        foreach (var slice in slices)
        {
            if (Check(segment, slice, next) is { } refusal)
                return refusal;
            next = Math.Max(next, slice.First + Math.Max(1, slice.Count));
        }
        foreach (var slice in slices)
            if (segment.Find(new Jid(slice.First)) is null)
                Add(batch, slice);
        return null;
    }

    private static void Add(PendingCommit batch, SubmitSlice slice)
    {
        batch.Record(
            new JobEvent
            {
                Jid = slice.First,
                Count = Math.Max(1, slice.Count),
                By = slice.Submitted.Owner,
                Submitted = slice.Submitted,
            }
        );
        if (!slice.Held && batch.Segment.Find(new Jid(slice.First)) is { } first)
            Release(batch, first.Slice.Head);
    }

    /// <param name="next">The lowest jid that is free then.</param>
    private static Refusal? Check(Segment segment, SubmitSlice slice, long next)
    {
        if (
            slice.First < segment.First
            || slice.First + Math.Max(1, slice.Count) - 1 > segment.Last
        )
            return Refuse(
                RefusalCode.Internal,
                $"segment {segment.Number} does not hold these jobs",
                new Jid(slice.First)
            );
        if (segment.Find(new Jid(slice.First)) is { } taken)
            return taken.Slice.First == slice.First && taken.Slice.IsOf(slice.Submitted)
                ? null
                : Refuse(
                    RefusalCode.Busy,
                    "The jid is already in use; nothing was submitted. Try again.",
                    new Jid(slice.First)
                );
        // An earlier slice is missing. This one must not leave a gap.
        return slice.First > next
            ? Refuse(
                RefusalCode.StoreUnavailable,
                "An earlier submission was lost; nothing was changed. Try again.",
                new Jid(slice.First)
            )
            : null;
    }

    /// <summary>Releases the slices of a submission, or of a list, after the commit of its
    /// <see cref="Slice.Head"/>.</summary>
    public static void Release(PendingCommit batch, long head)
    {
        if (batch.Segment.Held.Count == 0)
            return;
        foreach (var slice in batch.Segment.Held.Where(slice => slice.Head == head).ToList())
            if (batch.Segment.Release(slice))
                batch.Effects.Released(slice);
    }

    /// <summary>Removes held slices that start at or after <paramref name="from"/>, because their
    /// submission was never completed.</summary>
    public static void Void(PendingCommit batch, long from)
    {
        foreach (var slice in batch.Segment.Held.Where(s => s.First >= from).ToList())
        {
            batch.Record(
                new JobEvent
                {
                    Jid = slice.First,
                    Count = slice.Count,
                    Voided = new SubmissionVoided { SubmissionFirst = slice.SubmissionFirst },
                }
            );
            batch.Effects.Voided(slice);
        }
    }

    /// <summary>Kills, deletes, purges, retries or reprioritises jobs, and skips jobs to which the
    /// change does not apply. An unknown, deleted or (for a deletion) unfinished job causes a
    /// refusal, but not of a purge, which found its jobs a moment ago.</summary>
    public static Refusal? Change(
        PendingCommit batch,
        ChangeJobs request,
        Requester by,
        out long changed
    )
    {
        changed = 0;
        var jobs = JidRanges.Normalize(request.Jobs);
        foreach (var jid in JidRanges.Enumerate(jobs))
            if (Check(batch.Segment, jid, request.Change, by) is { } refusal)
                return refusal;
        var before = batch.Events.Count;
        foreach (var jid in JidRanges.Enumerate(jobs))
            if (
                batch.Segment.Find(jid) is { } job
                && ChangeOf(batch, job, request, by.User) is { } e
            )
            {
                e.Jid = jid;
                e.By = by.User;
                batch.Record(e);
            }
        changed = batch.Events.Count - before;
        return null;
    }

    private static Refusal? Check(Segment segment, Jid jid, Change change, Requester by) =>
        segment.Find(jid) switch
        {
            null when change == Nodes.Change.Purge => null,
            null => Refusals.Unknown(jid),
            { IsDeleted: true } when change == Nodes.Change.Purge => null,
            { IsDeleted: true } deleted => Refusals.Deleted(jid, deleted.Removal, deleted.Remover),
            { } job when !by.MayUse(job) => Refusals.NotAllowed(jid),
            { } job when change == Nodes.Change.Delete && !job.Status.IsFinished() =>
                Refusals.Unfinished(jid, job.Status),
            _ => null,
        };

    private static JobEvent? ChangeOf(
        PendingCommit batch,
        Job job,
        ChangeJobs request,
        string by
    ) =>
        request.Change switch
        {
            Nodes.Change.Kill => Kill(job, request, by),
            Nodes.Change.Delete => new JobEvent { Deleted = new Deleted() },
            Nodes.Change.Purge when !job.IsDeleted && job.Status.IsFinished() => new JobEvent
            {
                Deleted = new Deleted { Purged = true },
            },
            Nodes.Change.Retry => Retry(job),
            Nodes.Change.Priority
                when !job.Status.IsFinished() && job.Priority != request.Priority => new JobEvent
            {
                PriorityChanged = new PriorityChanged { Priority = request.Priority },
            },
            _ => null,
        };

    private static JobEvent? Kill(Job job, ChangeJobs request, string by)
    {
        var reason = request.Reason ?? new Reason { Code = ReasonCode.KilledBy, Text = by };
        return job.Phase switch
        {
            JobPhase.Waiting or JobPhase.Queued => new JobEvent
            {
                KilledUnstarted = new KilledUnstarted { Reason = reason },
            },
            JobPhase.Assigned { Kill: null } or JobPhase.Processing { Kill: null } => new JobEvent
            {
                KillRequested = new KillRequested { GraceMs = request.GraceMs, Reason = reason },
            },
            _ => null,
        };
    }

    private static JobEvent? Retry(Job job) =>
        job.Phase is JobPhase.Ended { End: Status.Error or Status.Killed or Status.Stalled } ended
        && job.Slice.Gated is var gated
        && gated != Status.Stalled
            ? new JobEvent { Retried = new Retried { Status = gated } }
            : null;

    private static Refusal Refuse(RefusalCode code, string message, Jid jid) =>
        new()
        {
            Code = code,
            Message = message,
            Jid = jid,
        };
}
