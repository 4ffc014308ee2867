using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Jobs;

public static partial class Decide
{
    /// <summary>Assigns queued jobs to nodes, as the scheduler requested. It skips jobs that are no
    /// longer queued and reports them to the scheduler.</summary>
    public static void Assign(PendingCommit batch, AssignJobs request)
    {
        foreach (var assignment in request.Assignments)
            for (
                var jid = new Jid(assignment.First);
                jid < assignment.First + Math.Max(1, assignment.Count);
                jid++
            )
            {
                if (
                    batch.Segment.Find(jid) is { Phase: JobPhase.Queued } job
                    && !batch.Segment.IsHeld(job.Slice)
                )
                    batch.Record(
                        new JobEvent
                        {
                            Jid = jid,
                            Assigned = new Assigned
                            {
                                Attempt = job.Attempt + 1,
                                Node = assignment.Node,
                            },
                        }
                    );
                else
                    batch.Effects.NotAssigned(jid);
            }
    }

    /// <summary>Applies a node's reports on attempts. A report with an old attempt number changes
    /// nothing; a stale attempt that still runs is stopped.</summary>
    public static void Report(PendingCommit batch, AttemptReports reports)
    {
        batch.Effects.Expect(reports.Reports.Count);
        foreach (var report in reports.Reports)
        {
            // The agent keeps these reports and repeats them until they are committed.
            if (report.Ended is not null || report.NeverStarted is not null)
                batch.Effects.Accepted(reports.Node, report);
            var job = batch.Segment.Find(new Jid(report.Jid));
            if (IsCurrent(job, report, reports.Node))
                Apply(batch, job!, report);
            else if (report.Started is not null)
                batch.Effects.StopStale(reports.Node, report);
        }
    }

    /// <summary>Ends the attempts of a lost node.</summary>
    public static void LoseNode(PendingCommit batch, string node, bool planned)
    {
        for (var jid = new Jid(batch.Segment.First); jid <= batch.Segment.Highest; jid++)
            if (batch.Segment.Find(jid) is { } job && job.ActiveNode == node)
                batch.Record(Lost(batch.Rules, job, node, ReasonCode.NodeLost, planned));
    }

    private static bool IsCurrent(Job? job, AttemptReport report, string node) =>
        job is not null && job.Attempt == report.Attempt && job.ActiveNode == node;

    private static void Apply(PendingCommit batch, Job job, AttemptReport report)
    {
        var e = (report.WhatCase, job.Phase) switch
        {
            (AttemptReport.WhatOneofCase.Started, JobPhase.Assigned) => new JobEvent
            {
                Started = new AttemptStart(report.Started) { Attempt = report.Attempt },
            },
            (AttemptReport.WhatOneofCase.Ended, JobPhase.Assigned) when WasHandedBack(report) =>
                NeverStarted(job, report.Attempt),
            (AttemptReport.WhatOneofCase.Ended, _) when report.Ended.Exit is { Fenced: true } =>
                Lost(batch.Rules, job, job.ActiveNode!, ReasonCode.NodeLost, false),
            (AttemptReport.WhatOneofCase.Ended, _) when report.Ended.Exit is { Stopped: true } =>
                Lost(batch.Rules, job, job.ActiveNode!, ReasonCode.NodeStopped, true),
            (AttemptReport.WhatOneofCase.Ended, _) when report.Evicted => Lost(
                batch.Rules,
                job,
                job.ActiveNode!,
                ReasonCode.NodeDrained,
                true
            ),
            (AttemptReport.WhatOneofCase.Ended, _) => new JobEvent
            {
                Ended = EndVerdict.Decide(job, report, batch.Now, batch.Rules),
            },
            (AttemptReport.WhatOneofCase.NeverStarted, JobPhase.Assigned) => NeverStarted(
                job,
                report.Attempt
            ),
            (AttemptReport.WhatOneofCase.KillOutlived, JobPhase.Processing p)
                when p.Outlives != report.KillOutlived.Why => new JobEvent
            {
                KillOutlived = new KillOutlived(report.KillOutlived) { Attempt = report.Attempt },
            },
            (AttemptReport.WhatOneofCase.KillOutlived, _) => null,
            (AttemptReport.WhatOneofCase.Unknown, JobPhase.Assigned a)
                when report.Unknown.Since <= a.At => null,
            (AttemptReport.WhatOneofCase.Unknown, _) => Lost(
                batch.Rules,
                job,
                job.ActiveNode!,
                ReasonCode.NodeRestarted,
                false
            ),
            _ => null,
        };
        if (e is null)
        {
            if (report.Unknown is not null)
                batch.Effects.StartAgain(job);
            return;
        }
        e.Jid = job.Jid;
        batch.Record(e);
    }

    /// <summary>Whether the node started nothing because it was fenced, stopped or drained. An
    /// attempt that never started is no crash, and can start elsewhere.</summary>
    private static bool WasHandedBack(AttemptReport report) =>
        report.Ended.Exit is { NotStarted.Length: > 0 } exit
        && (exit.Fenced || exit.Stopped || report.Evicted);

    /// <summary>Whether the loss of its node counts towards the crash limit of a job: only if it is
    /// known to have run there.</summary>
    internal static bool IsCrash(Job job, bool planned) =>
        !planned && job.Phase is JobPhase.Processing;

    private static JobEvent NeverStarted(Job job, int attempt) =>
        job.Kill is { } kill
            ? new JobEvent { KilledUnstarted = new KilledUnstarted { Reason = kill.Reason } }
            : new JobEvent { Unassigned = new Unassigned { Attempt = attempt } };

    private static JobEvent Lost(
        JobRules rules,
        Job job,
        string node,
        ReasonCode code,
        bool planned
    )
    {
        var reason = new Reason { Code = code, Text = node };
        var crashes = job.Crashes + (IsCrash(job, planned) ? 1 : 0);
        var status = Status.Queued;
        if (job.Kill is { } kill)
            (status, reason) = (Status.Killed, kill.Reason);
        else if (job.Slice.Spec.NotRestartable)
            (status, reason) = (
                Status.Error,
                code is ReasonCode.NodeDrained or ReasonCode.NodeStopped
                    ? reason
                    : new Reason { Code = ReasonCode.NodeLost, Text = node }
            );
        else if (rules.CrashLimit > 0 && crashes >= rules.CrashLimit)
            (status, reason) = (
                Status.Error,
                new Reason { Code = ReasonCode.CrashLimit, Number = crashes }
            );
        return new JobEvent
        {
            Jid = job.Jid,
            AttemptLost = new AttemptLost
            {
                Attempt = job.Attempt,
                Node = node,
                Status = status,
                Reason = reason,
                Planned = planned,
            },
        };
    }
}
