using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Drives the <see cref="AttemptMachine"/>: passes events to it and performs its actions.
/// Owned by the event-loop thread.</summary>
internal sealed class AttemptRunner(
    HomePaths home,
    EventLoop loop,
    ExecutionSettings settings,
    AttemptRegistry registry,
    ChildOwners owners,
    IAddedProcesses addedProcesses,
    IAttemptStarter starter,
    IAttemptFinisher finisher,
    IAttemptListener listener,
    Action<string> log
)
{
    /// <summary>Processes usually end within milliseconds of SIGKILL.</summary>
    private const long StuckAfterMs = 5_000;

    /// <summary>The report may be lost, and the processes may be others.</summary>
    private const long StuckAgainMs = 60_000;

    private readonly Queue<TrackedAttempt> _starts = new();
    private readonly RuntimeLimits _deadlines = new();
    private readonly OutputRenamer _names = new(loop);
    private readonly AttemptSignaller _signaller = new(owners.OwnerOf);

    public bool HasStarts => _starts.Count > 0;

    /// <summary>The next time at which an attempt may exceed its max runtime; null:
    /// never.</summary>
    public long? NextLimit => _deadlines.Next;

    /// <summary>Accepts an attempt. A known attempt is reported again, not started again.</summary>
    /// <param name="isFenced">The executor lease has expired: the attempt ends without
    /// starting.</param>
    public void Start(StartProcess order, bool isFenced, Moment now)
    {
        var id = new AttemptId(order.Jid, order.Attempt);
        if (registry.TryGet(id, out var known))
        {
            listener.StartRepeated(known);
            return;
        }
        var begin = AttemptMachine.Begin();
        var paths = home.Attempt(id.Jid, id.Number);
        var attempt = new TrackedAttempt(id, paths, begin.Phase, new AttemptStage.Ordered(order));
        registry.Add(attempt);
        Perform(attempt, begin, now);
        if (isFenced)
            Handle(attempt, new AttemptEvent.Fence(), now);
    }

    /// <summary>Drops the starts that were not tried yet, because the agent that ordered them is
    /// gone.</summary>
    public void DropStarts()
    {
        while (_starts.TryDequeue(out var attempt))
        {
            if (attempt.Phase is AttemptPhase.Spawning)
                registry.Drop(attempt);
        }
    }

    /// <summary>Starts the next pending attempt, unless it was stopped meanwhile.</summary>
    public void StartNext(Moment now)
    {
        if (
            !_starts.TryDequeue(out var attempt)
            || attempt is not { Phase: AttemptPhase.Spawning, Stage: AttemptStage.Ordered ordered }
        )
            return;
        if (Start(attempt, ordered.Order, now, out var trouble) is not { } job)
        {
            Handle(
                attempt,
                new AttemptEvent.SpawnFailed(
                    trouble?.Why ?? "",
                    now.WallUs,
                    trouble is { IsPassing: true }
                ),
                now
            );
            return;
        }
        registry.SetStarted(attempt, job);
        if (job.Launch.Order.MaxRuntimeMs is > 0 and var maxRuntimeMs)
            _deadlines.Add(attempt, now.Ms + maxRuntimeMs);
        Announce(attempt, job, now);
        Handle(attempt, new AttemptEvent.Spawned(), now);
        if (job.Fault.Length > 0)
            Handle(attempt, new AttemptEvent.Failed(), now);
    }

    /// <summary>A fault of one start ends that attempt, and no other.</summary>
    private StartedJob? Start(
        TrackedAttempt attempt,
        StartProcess order,
        Moment now,
        out StartError? trouble
    )
    {
        try
        {
            return starter.Start(attempt, order, now, out trouble);
        }
        catch (Exception e)
        {
            trouble = FaultOf(attempt, e);
            return null;
        }
    }

    /// <summary>Tells the other parts of a started attempt.</summary>
    private void Announce(TrackedAttempt attempt, StartedJob job, Moment now)
    {
        try
        {
            _names.Schedule(attempt, now.Ms);
            listener.Spawned(attempt, job, now.Ms);
            addedProcesses.JobStarted(attempt, job, now.Ms);
        }
        catch (Exception e)
        {
            job.Fault = FaultOf(attempt, e);
        }
    }

    private string FaultOf(TrackedAttempt attempt, Exception fault)
    {
        log($"{attempt.Id}: {fault}");
        return StartErrors.ForException(fault);
    }

    public void Handle(TrackedAttempt attempt, AttemptEvent signal, Moment now) =>
        Perform(attempt, AttemptMachine.Step(attempt.Phase, signal, now.Ms), now);

    public void FirstEnded(TrackedAttempt attempt, bool othersLeft, Moment now) =>
        Handle(attempt, new AttemptEvent.Exited(othersLeft, settings.GraceMs), now);

    /// <summary>Stops an attempt at the agent's request.</summary>
    public void Stop(StopProcess stop, Moment now)
    {
        if (!registry.TryGet(new(stop.Jid, stop.Attempt), out var attempt))
            return;
        var grace = stop.GraceMs > 0 ? stop.GraceMs : settings.GraceMs;
        Handle(attempt, new AttemptEvent.Stop(grace), now);
    }

    /// <summary>Stops all attempts because the node stops.</summary>
    public void StopAll(Moment now) =>
        SignalAll(new AttemptEvent.Stop(settings.GraceMs, WithNode: true), now);

    /// <summary>Stops the attempts that exceeded their max runtime.</summary>
    public void StopOverdue(Moment now)
    {
        while (_deadlines.TakeDue(now.Ms) is { } attempt)
            Handle(attempt, new AttemptEvent.RuntimeOver(settings.GraceMs), now);
    }

    /// <summary>Kills all attempts at once; returns the number that may have had live
    /// processes.</summary>
    public int Fence(Moment now)
    {
        var live = registry.Live.Count;
        SignalAll(new AttemptEvent.Fence(), now);
        return live;
    }

    /// <summary>Ends an attempt after the kernel killed one of its processes for lack of
    /// memory.</summary>
    public void OutOfMemory(TrackedAttempt attempt, Moment now)
    {
        if (!attempt.Phase.Causes.HasFlag(EndCauses.OutOfMemory))
            Handle(attempt, new AttemptEvent.OutOfMemory(), now);
    }

    /// <summary>Ends an attempt that reached its limit of processes.</summary>
    public void TooManyProcesses(TrackedAttempt attempt, Moment now)
    {
        if (!attempt.Phase.Causes.HasFlag(EndCauses.TooManyProcesses))
            Handle(attempt, new AttemptEvent.TooManyProcesses(), now);
    }

    /// <summary>Ends an attempt whose processes keep leaving its cgroup.</summary>
    public void LeftCgroup(TrackedAttempt attempt, Moment now)
    {
        if (!attempt.Phase.Causes.HasFlag(EndCauses.LeftCgroup))
            Handle(attempt, new AttemptEvent.LeftCgroup(), now);
    }

    /// <summary>Removes the files of an attempt without live processes.</summary>
    public void Forget(AttemptId id)
    {
        if (!registry.TryGet(id, out var attempt) || attempt.End is not null)
            ThreadPool.UnsafeQueueUserWorkItem(
                AttemptFiles.Remove,
                home.Attempt(id.Jid, id.Number),
                preferLocal: false
            );
    }

    public void FlushSignals() => _signaller.Flush();

    private void SignalAll(AttemptEvent signal, Moment now)
    {
        foreach (var attempt in registry.All.ToArray())
            Handle(attempt, signal, now);
    }

    private void Perform(TrackedAttempt attempt, AttemptStep step, Moment now)
    {
        registry.SetPhase(attempt, step.Phase);
        foreach (var action in step.Actions)
            Perform(attempt, action, now);
    }

    private void Perform(TrackedAttempt attempt, AttemptAction action, Moment now)
    {
        switch (action)
        {
            case AttemptAction.Spawn:
                _starts.Enqueue(attempt);
                break;
            case AttemptAction.Announce when attempt.Job is { } job:
                listener.Announced(attempt, job);
                break;
            case AttemptAction.Terminate:
                _signaller.Send(attempt, Libc.SIGTERM);
                break;
            case AttemptAction.Kill:
                _signaller.Send(attempt, Libc.SIGKILL);
                WatchKill(attempt, now);
                break;
            case AttemptAction.WakeAt wake:
                loop.At(wake.At, at => Handle(attempt, new AttemptEvent.Woken(), at));
                break;
            case AttemptAction.Report:
                Report(attempt, now);
                break;
        }
    }

    /// <summary>SIGKILL is sent again and again; what lives on after a while cannot be
    /// killed.</summary>
    private void WatchKill(TrackedAttempt attempt, Moment now)
    {
        if (attempt.LiveJob is not { } job)
            return;
        job.StuckAt ??= now.Ms + StuckAfterMs;
        if (now.Ms < job.StuckAt)
            return;
        job.StuckAt = now.Ms + StuckAgainMs;
        listener.Outlived(attempt, job);
    }

    /// <summary>Reports the end of an attempt, once, whatever fails meanwhile.</summary>
    private void Report(TrackedAttempt attempt, Moment now)
    {
        _signaller.Forget(attempt);
        var job = attempt.Job;
        try
        {
            if (job is null)
            {
                Ended(attempt, null, finisher.EndOfUnstarted(attempt, now), now.Ms);
                return;
            }
            registry.ForgetPid(attempt, job);
            addedProcesses.JobProcessesGone(attempt, job);
            finisher.Finish(attempt, job, now, (end, at) => Ended(attempt, job, end, at));
        }
        catch (Exception e)
        {
            var fault = FaultOf(attempt, e);
            if (attempt.End is null)
                Ended(attempt, job, EndAfterFault(attempt, job, fault, now), now.Ms);
        }
    }

    /// <summary>The end of an attempt that could not be finished as usual.</summary>
    private static ProcessEnded EndAfterFault(
        TrackedAttempt attempt,
        StartedJob? job,
        string fault,
        Moment now
    ) =>
        new()
        {
            Jid = attempt.Id.Jid,
            Attempt = attempt.Id.Number,
            End = new()
            {
                Exit = new()
                {
                    Code = job?.FirstExit?.Code ?? 0,
                    Signal = job?.FirstExit?.Signal ?? 0,
                    NotStarted = (attempt.Phase as AttemptPhase.Ended)?.NotStarted?.Why ?? fault,
                },
                StartedAt = job?.Launch.StartedAt ?? 0,
                EndedAt = job is null ? now.WallUs : now.WallUsSince(job.Launch.Started),
            },
        };

    private void Ended(TrackedAttempt attempt, StartedJob? job, ProcessEnded end, long now)
    {
        registry.SetEnded(attempt, end);
        listener.Ended(attempt, job, end, now);
    }
}
