using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// All attempts that an agent knows, what they take of the machine, and what is still to be said
/// of them. It starts and stops nothing itself.
/// </summary>
internal sealed class AttemptTable(AgentSettings settings)
{
    private readonly Dictionary<AttemptId, KnownAttempt> _known = [];
    private readonly Backlog _backlog = new();
    private readonly Room _room = new(settings.Capacity);

    public Outbox Outbox { get; } =
        new(settings.Node, settings.ReportBatch, (long)settings.ReportLinger.TotalMicroseconds);

    /// <summary>Whether there is more to start than there is room for.</summary>
    public bool Busy => _backlog.Count > 0;

    public IReadOnlyCollection<KnownAttempt> All => _known.Values;

    public KnownAttempt? Find(AttemptId id) => _known.GetValueOrDefault(id);

    /// <summary>Puts the orders in the backlog, but for those it knows; or hands them
    /// back.</summary>
    public void Order(StartAttempts start, bool draining)
    {
        foreach (var group in start.Groups)
        {
            var command = new AttemptCommand(group, settings.Node, settings.Server);
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

    /// <summary>Takes from the backlog what there is room for; all of it is to be started
    /// now.</summary>
    public IReadOnlyList<KnownAttempt> TakeFitting()
    {
        if (_backlog.Count == 0 || !_room.Any)
            return [];
        var taken = new List<KnownAttempt>();
        _backlog.TakeFitting(_room, taken);
        foreach (var attempt in taken)
            attempt.Stage = AttemptStage.Starting;
        return taken;
    }

    public void HandBackAll()
    {
        foreach (var attempt in _backlog.TakeAll())
            HandBack(attempt);
    }

    /// <summary>All that live, but for those that are being stopped already; they are to be
    /// stopped, and to run elsewhere.</summary>
    public IReadOnlyList<KnownAttempt> EvictAll()
    {
        var evicted = _known
            .Values.Where(attempt =>
                attempt
                    is { Stage: AttemptStage.Starting or AttemptStage.Running, StopGraceMs: null }
            )
            .ToArray();
        foreach (var attempt in evicted)
            (attempt.Evicted, attempt.StopGraceMs) = (true, 0);
        return evicted;
    }

    /// <summary>When the executor started, µs: what began before it is known only if it was
    /// listed.</summary>
    public long Since { get; set; }

    /// <summary>Notes what became of an attempt. Said twice, or late, it changes nothing.</summary>
    /// <returns>The attempt; null: it is not known.</returns>
    public KnownAttempt? Note(AttemptReport report)
    {
        if (!_known.TryGetValue(new(report.Jid, report.Attempt), out var attempt))
            return null;
        switch (attempt.Stage, report.WhatCase)
        {
            case (AttemptStage.Starting, AttemptReport.WhatOneofCase.Started):
                attempt.Stage = AttemptStage.Running;
                Tell(attempt, report);
                break;
            case (AttemptStage.Starting or AttemptStage.Running, AttemptReport.WhatOneofCase.Ended):
                attempt.Stage = AttemptStage.Over;
                report.Evicted = attempt.Evicted;
                _room.Free(attempt);
                Tell(attempt, report);
                break;
        }
        return attempt;
    }

    /// <summary>Stops a waiting attempt here; any other one that lives is returned, to be
    /// stopped.</summary>
    public KnownAttempt? Stop(StopAttempt stop)
    {
        var id = new AttemptId(stop.Jid, stop.Attempt);
        if (!_known.TryGetValue(id, out var attempt))
        {
            Outbox.Add(Reports.Unknown(id, Since));
            return null;
        }
        if (attempt.Stage == AttemptStage.Over)
        {
            Outbox.Add(attempt.Report!);
            return null;
        }
        if (attempt.Stage == AttemptStage.Waiting)
        {
            _backlog.Remove(attempt);
            HandBack(attempt);
            return null;
        }
        attempt.StopGraceMs = stop.GraceMs;
        return attempt;
    }

    /// <summary>Says again what is known. Of one that waits or is being started, word will
    /// come.</summary>
    public void Check(AttemptId id)
    {
        if (!_known.TryGetValue(id, out var attempt))
            Outbox.Add(Reports.Unknown(id, Since));
        else if (attempt.Report is { } report)
            Outbox.Add(report);
    }

    /// <summary>Forgets an attempt whose last word is safe; null: it is not over here.</summary>
    public KnownAttempt? Accept(AttemptId id)
    {
        if (!_known.TryGetValue(id, out var attempt) || attempt.Stage != AttemptStage.Over)
            return null;
        _known.Remove(id);
        return attempt;
    }

    /// <summary>
    /// The attempt as it is known; or, unknown so far or still waiting here, as one that the
    /// executor was asked to start.
    /// </summary>
    public KnownAttempt Adopt(KnownAttempt found)
    {
        if (!_known.TryGetValue(found.Id, out var attempt))
            _known[found.Id] = attempt = found;
        else if (attempt.Stage == AttemptStage.Waiting)
            _backlog.Remove(attempt);
        else
            return attempt;
        attempt.Stage = AttemptStage.Starting;
        _room.Take(attempt);
        return attempt;
    }

    /// <summary>An attempt was found dead without a word of its end.</summary>
    public void Lose(KnownAttempt attempt)
    {
        _known.Remove(attempt.Id);
        _room.Free(attempt);
        Outbox.Add(Reports.Unknown(attempt.Id, Since));
    }

    /// <summary>Ends an attempt that could not even be handed to the executor.</summary>
    public void CannotStart(KnownAttempt attempt, string why, long at) =>
        Note(Reports.CannotStart(attempt.Id, why, at));

    /// <summary>Sends again each last word that was unaccepted at the last call, too.</summary>
    public void Retry()
    {
        foreach (var attempt in _known.Values)
        {
            if (attempt.Stage != AttemptStage.Over)
                continue;
            if (attempt.Overdue)
                Outbox.Add(attempt.Report!);
            attempt.Overdue = true;
        }
    }

    private void HandBack(KnownAttempt attempt)
    {
        attempt.Stage = AttemptStage.Over;
        Tell(attempt, Reports.NeverStarted(attempt.Id));
    }

    private void Tell(KnownAttempt attempt, AttemptReport report)
    {
        attempt.Report = report;
        Outbox.Add(report);
    }
}
