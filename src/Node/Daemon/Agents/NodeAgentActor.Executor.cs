using Akka.Actor;
using Akka.Event;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <content>Messages between the agent and its executor.</content>
internal sealed partial class NodeAgentActor
{
    private void Handle(ExecutorUpdate update)
    {
        switch (update)
        {
            case ExecutorUpdate.Connected:
                _watch = _watch.Reached();
                SayHello();
                break;
            case ExecutorUpdate.Received received:
                foreach (var message in received.Messages)
                    Handle(message);
                break;
            case ExecutorUpdate.Disconnected down:
                _log.Warning("Lost the connection to the executor: {0}", down.Why);
                Answer(_usages.AbandonAll());
                foreach (var asker in _portQuestions.AbandonAll())
                    asker.Tell(new PortsRead());
                _state = State.NotReady;
                Become(OnReceive);
                break;
            case ExecutorUpdate.Unreachable(var isAlive):
                var now = _time.Instant;
                _watch = _watch.Unreached(isAlive, now);
                if (_watch.IsGone(now))
                    ReplaceExecutor();
                break;
        }
    }

    private void Handle(FromExecutor message)
    {
        switch (message.MessageCase)
        {
            case FromExecutor.MessageOneofCase.Inventory:
                Reconcile(message.Inventory);
                break;
            case FromExecutor.MessageOneofCase.Started:
                _pause = _pause.AfterStart(Milliseconds());
                Note(AttemptReportFactory.Of(message.Started));
                break;
            case FromExecutor.MessageOneofCase.Ended:
                Note(AttemptReportFactory.Of(message.Ended));
                if (message.Ended.Passing)
                    PauseStarts(message.Ended.End.Exit.NotStarted);
                break;
            case FromExecutor.MessageOneofCase.Usages:
                Answer(_usages.Answers(message.Usages));
                AskUsages();
                break;
            case FromExecutor.MessageOneofCase.Ports:
                _portQuestions
                    .AskerOf(message.Ports)
                    ?.Tell(new PortsRead { Attempts = { message.Ports.Attempts } });
                break;
            case FromExecutor.MessageOneofCase.Stuck:
                _log.Error("Job {0}: {1}.", message.Stuck.Jid, message.Stuck.Why);
                Note(AttemptReportFactory.Of(message.Stuck));
                break;
            case FromExecutor.MessageOneofCase.Fenced:
                _ports.Meters.Add(MetricCatalog.Fences, 1);
                _log.Error(
                    "The executor lease expired after {0}; the executor killed {1} jobs.",
                    _settings.FenceAfter,
                    message.Fenced.Killed
                );
                break;
        }
    }

    private void SayHello() =>
        Send(
            new()
            {
                Hello = new()
                {
                    Session = _session,
                    FenceAfterMs = (long)_settings.FenceAfter.TotalMilliseconds,
                    GraceMs = (long)_settings.KillGrace.TotalMilliseconds,
                    SampleIntervalMs = (long)_settings.SampleInterval.TotalMilliseconds,
                    OutputLimitBytes = _settings.OutputLimit,
                    DefaultShell = _settings.DefaultShell,
                    Inherit = { _settings.Inherit },
                    Limits = _settings.Limits,
                    Uncertain = _ports.MembershipStaleness() is null,
                },
            }
        );

    /// <summary>Reconciles the known attempts with the executor's inventory.</summary>
    private void Reconcile(Inventory inventory)
    {
        DeleteOldCopies();
        _log.Info(
            "The executor (pid {0}) runs {1} attempts; {2} more have ended.",
            inventory.ExecutorPid,
            inventory.Running.Count,
            inventory.Ended.Count
        );
        _machine = inventory;
        _ = HoldsLease();
        _table.Since = inventory.Since;
        _ports.OnExecutorFound((int)inventory.ExecutorPid);
        var present = new HashSet<AttemptId>();
        foreach (var running in inventory.Running)
        {
            var attempt = _table.Adopt(new KnownAttempt(running));
            present.Add(attempt.Id);
            Note(AttemptReportFactory.Of(running));
        }
        foreach (var ended in inventory.Ended)
        {
            var attempt = _table.Adopt(new KnownAttempt(new AttemptId(ended.Jid, ended.Attempt)));
            present.Add(attempt.Id);
            Note(AttemptReportFactory.Of(ended));
        }
        foreach (var attempt in _table.All.Where(a => !present.Contains(a.Id)).ToArray())
            HandleMissing(attempt);
        foreach (var attempt in _table.All)
            if (attempt is { StopGraceMs: not null, Stage: not KnownAttemptStage.Ended })
                StopProcess(attempt);
        Become(Ready);
        Stash.UnstashAll();
        Offer();
        Settle();
    }

    // The attempt is not in the inventory: its start was lost in transit, or it died with an
    // executor.
    private void HandleMissing(KnownAttempt attempt)
    {
        if (attempt is { Stage: KnownAttemptStage.Starting, IsOrdered: true })
            Start(attempt);
        else if (attempt.Stage is KnownAttemptStage.Starting or KnownAttemptStage.Running)
            _table.Lose(attempt);
    }

    private void StopProcess(KnownAttempt attempt)
    {
        if (EndCopies(attempt.Id))
            return;
        Send(
            new()
            {
                Stop = new()
                {
                    Jid = attempt.Id.Jid,
                    Attempt = attempt.Id.Number,
                    GraceMs = attempt.StopGraceMs ?? 0,
                },
            }
        );
    }

    // A stopped executor answers nothing, and fences nothing.
    private void LookAtExecutor()
    {
        var now = _time.Instant.ToUnixTimeMilliseconds();
        _stopped = _stopped.Look(_ports.Machine.IsExecutorStopped(), now, out var isDue);
        if (!isDue)
            return;
        _log.Warning("A signal had stopped the executor; continuing it.");
        _ports.Machine.ContinueExecutor();
    }

    // A new executor starts its own node, so this one exits.
    private void ReplaceExecutor()
    {
        _log.Error(
            "The executor process does not exist; killing its jobs and starting a new executor."
        );
        foreach (var attempt in _table.All)
            if (attempt is { Stage: KnownAttemptStage.Running, Report.Started: { } started })
                _ports.Machine.KillGroup(started.Pid, started.StartedAt);
        _ports.Machine.StartExecutor();
        _ports.Machine.Exit(ExitToStartAnew);
        Context.Stop(Self);
    }
}
