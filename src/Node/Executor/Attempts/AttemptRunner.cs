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
    AgentWishes settings,
    AttemptBook registry,
    ChildOwners owners,
    IGuests addedProcesses,
    AttemptStarter starter,
    AttemptFinisher finisher,
    IAttemptListener listener
)
{
    private readonly Queue<Attempt> _starts = new();
    private readonly RuntimeLimits _deadlines = new();
    private readonly OutputNames _names = new(loop);
    private readonly AttemptSignaller _signaller = new(owners.Of);

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
            listener.ToldAgain(known);
            return;
        }
        var begin = AttemptMachine.Begin();
        var paths = home.Attempt(id.Jid, id.Number);
        var attempt = new Attempt(id, paths, begin.Phase, new AttemptStage.Ordered(order));
        registry.Add(attempt);
        Perform(attempt, begin, now);
        if (isFenced)
            Signal(attempt, new AttemptSignal.Fence(), now);
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
        if (starter.Start(attempt, ordered.Order, now, out var error) is not { } job)
        {
            Signal(attempt, new AttemptSignal.SpawnFailed(error, now.WallUs), now);
            return;
        }
        registry.Started(attempt, job);
        _names.Later(attempt, now.Ms);
        listener.Spawned(attempt, job, now.Ms);
        addedProcesses.JobStarted(attempt, job, now.Ms);
        Signal(attempt, new AttemptSignal.Spawned(), now);
        if (job.Launch.Terms.MaxRuntimeMs is > 0 and var maxRuntimeMs)
            _deadlines.Add(attempt, now.Ms + maxRuntimeMs);
    }

    public void Signal(Attempt attempt, AttemptSignal signal, Moment now) =>
        Perform(attempt, AttemptMachine.Step(attempt.Phase, signal, now.Ms), now);

    public void FirstEnded(Attempt attempt, bool othersLeft, Moment now) =>
        Signal(attempt, new AttemptSignal.Exited(othersLeft, settings.GraceMs), now);

    /// <summary>Stops an attempt at the agent's request.</summary>
    public void Stop(StopProcess stop, Moment now)
    {
        if (!registry.TryGet(new(stop.Jid, stop.Attempt), out var attempt))
            return;
        var grace = stop.GraceMs > 0 ? stop.GraceMs : settings.GraceMs;
        Signal(attempt, new AttemptSignal.Stop(grace), now);
    }

    /// <summary>Stops all attempts because the node stops.</summary>
    public void StopAll(Moment now) =>
        SignalAll(new AttemptSignal.Stop(settings.GraceMs, WithNode: true), now);

    /// <summary>Stops the attempts that exceeded their max runtime.</summary>
    public void StopOverdue(Moment now)
    {
        while (_deadlines.TakeDue(now.Ms) is { } attempt)
            Signal(attempt, new AttemptSignal.RuntimeOver(settings.GraceMs), now);
    }

    /// <summary>Kills all attempts at once; returns the number that may have had live
    /// processes.</summary>
    public int Fence(Moment now)
    {
        var live = registry.Living.Count;
        SignalAll(new AttemptSignal.Fence(), now);
        return live;
    }

    /// <summary>Ends an attempt after the kernel killed one of its processes for lack of
    /// memory.</summary>
    public void OutOfMemory(Attempt attempt, Moment now)
    {
        if (!attempt.Phase.Causes.HasFlag(EndCauses.OutOfMemory))
            Signal(attempt, new AttemptSignal.OutOfMemory(), now);
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

    private void SignalAll(AttemptSignal signal, Moment now)
    {
        foreach (var attempt in registry.All.ToArray())
            Signal(attempt, signal, now);
    }

    private void Perform(Attempt attempt, AttemptStep step, Moment now)
    {
        registry.Turned(attempt, step.Phase);
        foreach (var action in step.Actions)
            Perform(attempt, action, now);
    }

    private void Perform(Attempt attempt, AttemptAction action, Moment now)
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
                break;
            case AttemptAction.WakeAt wake:
                loop.At(wake.At, at => Signal(attempt, new AttemptSignal.Woken(), at));
                break;
            case AttemptAction.Report:
                Report(attempt, now);
                break;
        }
    }

    private void Report(Attempt attempt, Moment now)
    {
        _signaller.Forget(attempt);
        if (attempt.Job is not { } job)
        {
            Ended(attempt, null, finisher.EndOfUnstarted(attempt, now), now.Ms);
            return;
        }
        registry.Gone(attempt, job);
        addedProcesses.JobGone(attempt, job);
        finisher.Finish(attempt, job, now, (end, at) => Ended(attempt, job, end, at));
    }

    private void Ended(Attempt attempt, StartedJob? job, ProcessEnded end, long now)
    {
        registry.Ended(attempt, end);
        listener.Ended(attempt, job, end, now);
    }
}
