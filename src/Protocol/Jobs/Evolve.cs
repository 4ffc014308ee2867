using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Text;
using Fact = JobCloud.Protocol.Events.JobEvent.FactOneofCase;

namespace JobCloud.Protocol.Jobs;

/// <summary>Applies an event to one job. The time comes from the event; it makes no
/// decisions.</summary>
public static class Evolve
{
    /// <summary>The job after <paramref name="e"/>; throws on an impossible event.</summary>
    public static Job Next(Job job, JobEvent e) =>
        (e.FactCase, job.Phase) switch
        {
            (Fact.Assigned, JobPhase.Queued q) => Assign(job, q, e),
            (Fact.Unassigned, JobPhase.Assigned a) => job with { Phase = a.Before },
            (Fact.Started, JobPhase.Assigned a) => job with
            {
                Phase = new JobPhase.Processing(a.Node, e.Started.Pid, e.Started.StartedAt, a.Kill)
                {
                    Lag = e.Started.StartedAt > 0 ? e.At - e.Started.StartedAt : 0,
                },
            },
            (Fact.Ended, JobPhase.Assigned or JobPhase.Processing) => End(job, e),
            (Fact.AttemptLost, JobPhase.Assigned or JobPhase.Processing) => Lose(job, e),
            (Fact.KillRequested, JobPhase.Assigned a) => job with
            {
                Phase = a with { Kill = Order(e) },
            },
            (Fact.KillRequested, JobPhase.Processing p) => job with
            {
                Phase = p with { Kill = Order(e) },
            },
            (Fact.KillOutlived, JobPhase.Processing p) => job with
            {
                Phase = p with { Outlives = e.KillOutlived.Why },
            },
            (Fact.KilledUnstarted, JobPhase.Waiting or JobPhase.Queued or JobPhase.Assigned) =>
                job with
                {
                    Phase = new JobPhase.Ended(
                        Status.Killed,
                        e.KilledUnstarted.Reason,
                        e.At,
                        job.Past is [.., var last] ? last : null
                    ),
                },
            (Fact.Retried, JobPhase.Ended ended) => Retry(job, ended, e),
            // Nothing else of it is kept.
            (Fact.Deleted, JobPhase.Ended ended) => new Job(
                job.Jid,
                job.Slice,
                new JobPhase.Deleted(
                    ended.End,
                    ended.Last?.Started ?? 0,
                    ended.Finished,
                    RemovalOf(e),
                    e.Deleted.Purged ? e.By : ""
                )
            ),
            (Fact.PriorityChanged, not JobPhase.Deleted) => job with
            {
                ChangedPriority = e.PriorityChanged.Priority,
            },
            (Fact.TerminalOpened, JobPhase.Processing) => job with
            {
                Terminals = job.Terminals.Add(e.TerminalOpened.Id),
            },
            (Fact.TerminalClosed, not JobPhase.Deleted) => job with
            {
                Terminals = job.Terminals.Remove(e.TerminalClosed.Id),
            },
            _ => throw new ImpossibleEventException(
                $"job {job.Jid}: {e.FactCase} cannot follow {job.Phase.GetType().Name}"
            ),
        };

    private static Removal RemovalOf(JobEvent e) =>
        !e.Deleted.Purged ? Removal.Deleted
        : e.By.Length == 0 ? Removal.Expired
        : Removal.Purged;

    /// <summary>The job after the gates of its slice changed to <paramref name="gated"/>.</summary>
    public static Job Gated(Job job, Status gated, Slice slice, long at) =>
        (job.Phase, gated) switch
        {
            (JobPhase.Waiting, Status.Queued) => job with
            {
                Phase = new JobPhase.Queued(at),
                Queued = at,
            },
            (JobPhase.Waiting, Status.Stalled) => job with
            {
                Phase = new JobPhase.Ended(Status.Stalled, StalledBy(slice.BadGate!), at, null),
            },
            (JobPhase.Ended { End: Status.Stalled }, Status.Waiting) => job with
            {
                Phase = JobPhase.Waiting.Instance,
            },
            (JobPhase.Ended { End: Status.Stalled }, Status.Queued) => job with
            {
                Phase = new JobPhase.Queued(at),
                Queued = at,
            },
            _ => job,
        };

    private static Job Assign(Job job, JobPhase.Queued queued, JobEvent e) =>
        job with
        {
            Phase = new JobPhase.Assigned(e.Assigned.Node, e.At, queued),
            Attempt = e.Assigned.Attempt > 0 ? e.Assigned.Attempt : job.Attempt + 1,
            Terminals = [],
        };

    private static Job End(Job job, JobEvent e)
    {
        var ended = e.Ended;
        var last = new AttemptRecord
        {
            Attempt = job.Attempt,
            Node = job.ActiveNode,
            Started = ended.StartedAt,
            Finished = ended.EndedAt,
            Reason = ended.Reason,
            Exit = ended.Exit,
            Usage = ended.Usage,
        };
        return ended.Status == Status.Queued
            ? Requeue(job, e.At, ended.NotBefore, false, "", last) with
            {
                Retries = job.Retries + 1,
            }
            : job with
            {
                Phase = new JobPhase.Ended(ended.Status, ended.Reason, ended.EndedAt, last),
            };
    }

    private static Job Lose(Job job, JobEvent e)
    {
        var lost = e.AttemptLost;
        var (started, finished) = (0L, e.At);
        // No process recorded the end on the clock of the lost node.
        if (job.Phase is JobPhase.Processing p)
            (started, finished) = (p.Started, Math.Max(p.Started, e.At - p.Lag));
        var last = new AttemptRecord
        {
            Attempt = job.Attempt,
            Node = lost.Node,
            Started = started,
            Finished = finished,
            Reason = lost.Reason,
        };
        var next =
            lost.Status == Status.Queued
                ? Requeue(job, e.At, 0, true, lost.Node, last)
                : job with
                {
                    Phase = new JobPhase.Ended(lost.Status, lost.Reason, finished, last),
                };
        return next with
        {
            Restarts = job.Restarts + (job.Phase is JobPhase.Processing ? 1 : 0),
            Crashes = job.Crashes + (Decide.IsCrash(job, lost.Planned) ? 1 : 0),
        };
    }

    private static Job Requeue(
        Job job,
        long at,
        long notBefore,
        bool restarted,
        string avoid,
        AttemptRecord last
    ) =>
        job with
        {
            Phase = new JobPhase.Queued(at, notBefore, restarted, avoid, last.Reason),
            Queued = at,
            Past = job.Past.Add(last),
        };

    private static Job Retry(Job job, JobPhase.Ended ended, JobEvent e) =>
        job with
        {
            Phase =
                e.Retried.Status == Status.Waiting
                    ? JobPhase.Waiting.Instance
                    : new JobPhase.Queued(e.At),
            Queued = e.At,
            Past = ended.Last is { } last
                ? job.Past.Add(
                    new AttemptRecord(last) { Attempt = job.Attempt, Reason = ended.Reason }
                )
                : job.Past,
            Retries = 0,
            Crashes = 0,
        };

    private static KillOrder Order(JobEvent e) =>
        new(e.By, e.KillRequested.GraceMs, e.KillRequested.Reason);

    private static Reason StalledBy(Gate gate) =>
        new()
        {
            Code = ReasonCode.Dependency,
            Number = gate.Dependency,
            Text = StatusNames.Of(gate.Worst),
        };
}
