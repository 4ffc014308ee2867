using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>All attempts known to an agent, the resources they use and their unsent reports. Starts
/// and stops nothing itself.</summary>
internal sealed class AttemptTable(AgentSettings settings)
{
    private readonly Dictionary<AttemptId, KnownAttempt> _known = [];
    private readonly Backlog _backlog = new();
    private readonly FreeResources _room = new(settings.Capacity);

    /// <summary>What the attempts leave free.</summary>
    public FreeResources Room => _room;

    public ReportBatcher Outbox { get; } =
        new(settings.Node, settings.ReportBatch, (long)settings.ReportLinger.TotalMicroseconds);

    /// <summary>True if attempts wait for free resources.</summary>
    public bool Busy => _backlog.Count > 0;

    public IReadOnlyCollection<KnownAttempt> All => _known.Values;

    public KnownAttempt? Find(AttemptId id) => _known.GetValueOrDefault(id);

    /// <summary>The running attempt whose first process is one of these; null: none.</summary>
    public AttemptId? FindByProcess(IReadOnlyList<int> pids) =>
        _known
            .Values.FirstOrDefault(attempt =>
                attempt is { Stage: KnownAttemptStage.Running, Report.Started.Pid: var pid }
                && pids.Contains(pid)
            )
            ?.Id;

    /// <summary>Adds the ordered attempts to the backlog, or hands them back. Ignores known
    /// ones.</summary>
    public void Order(StartAttempts start, bool draining)
    {
        foreach (var group in start.Groups)
        {
            var command = new AttemptCommand(group, settings.Node, settings.Server, settings.Home);
            foreach (var order in group.Orders)
            {
                var attempt = new KnownAttempt(group, order, command);
                if (!_known.TryAdd(attempt.Id, attempt))
                    continue;
                if (draining || _backlog.Count >= settings.BacklogMax)
                    HandBack(attempt);
                else
                    _backlog.Add(attempt);
            }
        }
    }

    /// <summary>Takes the attempts that fit from the backlog; the caller must start all of them
    /// now.</summary>
    public IReadOnlyList<KnownAttempt> TakeFitting()
    {
        if (_backlog.Count == 0 || !_room.Any)
            return [];
        var taken = new List<KnownAttempt>();
        _backlog.TakeFitting(_room, taken);
        foreach (var attempt in taken)
            attempt.Stage = KnownAttemptStage.Starting;
        return taken;
    }

    public void HandBackAll()
    {
        foreach (var attempt in _backlog.TakeAll())
            HandBack(attempt);
    }

    /// <summary>Hands back the named jobs' attempts that wait. Repeats the last report on any other
    /// attempt of theirs.</summary>
    public void Recall(RecallAttempts recall)
    {
        foreach (
            var attempt in _known
                .Values.Where(a => recall.Jobs.Any(r => r.First <= a.Id.Jid && a.Id.Jid <= r.Last))
                .ToArray()
        )
        {
            if (attempt.Stage != KnownAttemptStage.Waiting)
            {
                RepeatReport(attempt.Id);
                continue;
            }
            _backlog.Remove(attempt);
            HandBack(attempt);
        }
    }

    /// <summary>Marks all live attempts as evicted, except those that are being stopped already.
    /// The caller must stop them; they run elsewhere.</summary>
    public IReadOnlyList<KnownAttempt> EvictAll()
    {
        var evicted = _known
            .Values.Where(attempt =>
                attempt
                    is {
                        Stage: KnownAttemptStage.Starting or KnownAttemptStage.Running,
                        StopGraceMs: null
                    }
            )
            .ToArray();
        foreach (var attempt in evicted)
            (attempt.Evicted, attempt.StopGraceMs) = (true, 0);
        return evicted;
    }

    /// <summary>Start of the executor in µs: attempts that began before are known only if it listed
    /// them.</summary>
    public long Since { get; set; }

    /// <summary>Records a report of an attempt. A repeated or late report changes
    /// nothing.</summary>
    /// <returns>The attempt, or null if it is unknown.</returns>
    public KnownAttempt? Record(AttemptReport report)
    {
        if (!_known.TryGetValue(new(report.Jid, report.Attempt), out var attempt))
            return null;
        switch (attempt.Stage, report.WhatCase)
        {
            case (KnownAttemptStage.Starting, AttemptReport.WhatOneofCase.Started):
                attempt.Stage = KnownAttemptStage.Running;
                SetReport(attempt, report);
                break;
            case (
                KnownAttemptStage.Starting
                    or KnownAttemptStage.Running,
                AttemptReport.WhatOneofCase.Ended
            ):
                attempt.Stage = KnownAttemptStage.Ended;
                report.Evicted = attempt.Evicted;
                _room.Free(attempt);
                SetReport(attempt, report);
                break;
            case (KnownAttemptStage.Running, AttemptReport.WhatOneofCase.KillOutlived):
                // The executor repeats it, and the report of the start stays the last one.
                Outbox.Add(report);
                break;
            case (KnownAttemptStage.Starting, AttemptReport.WhatOneofCase.NeverStarted):
                _room.Free(attempt);
                HandBack(attempt);
                break;
        }
        return attempt;
    }

    /// <summary>Hands back a waiting attempt. Returns any other live attempt, which the caller must
    /// stop.</summary>
    public KnownAttempt? Stop(StopAttempt stop)
    {
        var id = new AttemptId(stop.Jid, stop.Attempt);
        if (!_known.TryGetValue(id, out var attempt))
        {
            Outbox.Add(AttemptReportFactory.Unknown(id, Since));
            return null;
        }
        if (attempt.Stage == KnownAttemptStage.Ended)
        {
            Outbox.Add(attempt.Report!);
            return null;
        }
        if (attempt.Stage == KnownAttemptStage.Waiting)
        {
            _backlog.Remove(attempt);
            HandBack(attempt);
            return null;
        }
        attempt.StopGraceMs = stop.GraceMs;
        return attempt;
    }

    /// <summary>Repeats the last report. For an attempt that waits or is being started, a report
    /// will follow.</summary>
    public void RepeatReport(AttemptId id)
    {
        if (!_known.TryGetValue(id, out var attempt))
            Outbox.Add(AttemptReportFactory.Unknown(id, Since));
        else if (attempt.Report is { } report)
            Outbox.Add(report);
    }

    /// <summary>Forgets and returns an attempt whose final report is committed; null if it has not
    /// ended here.</summary>
    public KnownAttempt? ForgetAccepted(AttemptId id)
    {
        if (!_known.TryGetValue(id, out var attempt) || attempt.Stage != KnownAttemptStage.Ended)
            return null;
        _known.Remove(id);
        return attempt;
    }

    /// <summary>Returns the known attempt. Adopts one that is unknown or still waits here as an
    /// attempt that the executor was asked to start.</summary>
    public KnownAttempt Adopt(KnownAttempt found)
    {
        if (!_known.TryGetValue(found.Id, out var attempt))
            _known[found.Id] = attempt = found;
        else if (attempt.Stage == KnownAttemptStage.Waiting)
            _backlog.Remove(attempt);
        else
            return attempt;
        attempt.Stage = KnownAttemptStage.Starting;
        _room.Take(attempt);
        return attempt;
    }

    /// <summary>Forgets an attempt that died without a report of its end.</summary>
    public void Lose(KnownAttempt attempt)
    {
        _known.Remove(attempt.Id);
        _room.Free(attempt);
        Outbox.Add(AttemptReportFactory.Unknown(attempt.Id, Since));
    }

    /// <summary>Ends an attempt that could not be passed to the executor.</summary>
    public void CannotStart(KnownAttempt attempt, string why, long at) =>
        Record(AttemptReportFactory.CannotStart(attempt.Id, why, at));

    /// <summary>Repeats each final report that was already unaccepted at the previous
    /// call.</summary>
    public void Retry()
    {
        foreach (var attempt in _known.Values)
        {
            if (attempt.Stage != KnownAttemptStage.Ended)
                continue;
            if (attempt.Overdue)
                Outbox.Add(attempt.Report!);
            attempt.Overdue = true;
        }
    }

    private void HandBack(KnownAttempt attempt)
    {
        attempt.Stage = KnownAttemptStage.Ended;
        SetReport(attempt, AttemptReportFactory.NeverStarted(attempt.Id));
    }

    private void SetReport(KnownAttempt attempt, AttemptReport report)
    {
        attempt.Report = report;
        Outbox.Add(report);
    }
}
