using System.Collections.Concurrent;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Terminals;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>The shell around <see cref="AttemptMachine"/>: brings signals to it, and does what it
/// says. Owned by the loop's thread.</summary>
internal sealed class AttemptRunner : IDisposable
{
    /// <summary>Ends and kills wait for no more starts than these.</summary>
    private const int StartsPerTurn = 8;

    /// <summary>An orphan whose owner can be told only in a moment is looked at again after this.</summary>
    private const long LookAgainMs = 2;

    private readonly HomePaths _home;
    private readonly EventLoop _loop;
    private readonly AttemptStarter _starter;
    private readonly AttemptFinisher _finisher;
    private readonly Profiles _profiles;
    private readonly IAttemptListener _listener;
    private readonly ProcessSignaller _signaller;
    private readonly OutputNames _names;
    private readonly Orphans _orphans;
    private readonly Entrances _entrances;
    private readonly ConcurrentQueue<ChildExit> _exits = new();
    private readonly Queue<Attempt> _starts = new();
    private readonly RuntimeLimits _deadlines = new();
    private readonly List<Attempt> _firstEnded = [];
    private readonly List<Attempt> _draining = [];
    private readonly Reaper _reaper;
    private readonly JobCgroups _cgroups;

    /// <summary>How many attempts may live whose processes no cgroup holds.</summary>
    private int _withoutCgroup;

    public AttemptRunner(
        HomePaths home,
        EventLoop loop,
        ExecutorLimits limits,
        JobCgroups cgroups,
        SandboxTool sandboxes,
        IAttemptListener listener
    )
    {
        (_home, _loop, _listener) = (home, loop, listener);
        _cgroups = cgroups;
        _reaper = new(TellExit);
        _orphans = new(home, loop, Book, () => _reaper.Reaped);
        var spares = new Spares($"{home.Run}/spare");
        _names = new(loop);
        _entrances = new(home, sandboxes);
        _profiles = new(home.Run, loop, limits, ChildAdded);
        _starter = new(
            home.Home,
            limits,
            spares,
            cgroups,
            _entrances,
            new PythonHook(home, limits),
            _profiles
        );
        _finisher = new(
            loop,
            limits,
            spares,
            _profiles,
            () => !_orphans.HasStrangers,
            () => OutputLimitBytes,
            () => OwnPeakMemory,
            Finished
        );
        Terminals = new(Book, new(_starter), limits, loop, ChildAdded);
        _signaller = new(OwnerOfChild);
    }

    public AttemptBook Book { get; } = new();

    public TerminalDesk Terminals { get; }

    /// <summary>Between SIGTERM and SIGKILL, ms.</summary>
    public long GraceMs { get; private set; } = 1_000;
    public long OutputLimitBytes { get; private set; }

    /// <summary>The most memory that the executor itself ever had, bytes.</summary>
    public long OwnPeakMemory { get; set; }

    public bool HasStarts => _starts.Count > 0;

    public void StartReaping() => _reaper.Start();

    /// <summary>A child was started, whoever by.</summary>
    public void ChildAdded() => _reaper.ChildAdded();

    public bool HasExits => !_exits.IsEmpty;

    public void Follow(Hello hello)
    {
        if (hello.GraceMs > 0)
            GraceMs = hello.GraceMs;
        OutputLimitBytes = hello.OutputLimitBytes;
        _starter.Follow(hello);
    }

    /// <summary>Takes an attempt on. One that is known is told of again, not started again.</summary>
    /// <param name="isFenced">The lease has run out: it ends without having started.</param>
    public void Start(StartProcess order, bool isFenced)
    {
        var id = new AttemptId(order.Jid, order.Attempt);
        if (Book.TryGet(id, out var known))
        {
            _listener.ToldAgain(known);
            return;
        }
        var attempt = new Attempt(id, _home.Attempt(id.Jid, id.Number)) { Order = order };
        Book.Add(attempt);
        Perform(attempt, AttemptMachine.Begin());
        if (isFenced)
            Fence(attempt);
    }

    /// <summary>Forgets the starts that were not tried yet: who asked for them is gone.</summary>
    public void DropStarts()
    {
        while (_starts.TryDequeue(out var attempt))
        {
            if (attempt.Phase is not AttemptPhase.Spawning)
                continue;
            Book.Ended();
            Book.Remove(attempt);
        }
    }

    public void Signal(Attempt attempt, AttemptSignal signal) =>
        Perform(attempt, AttemptMachine.Step(attempt.Phase, signal, Clock.NowMs()));

    /// <summary>The node stops: so does everything.</summary>
    public void StopAll()
    {
        foreach (var attempt in Book.All.ToArray())
        {
            attempt.Stopped |= attempt.Phase is AttemptPhase.Spawning or AttemptPhase.Running;
            Signal(attempt, new AttemptSignal.Stop(GraceMs));
        }
    }

    /// <summary>Handles the children that ended, and then the attempts that may have: in this
    /// order, so that an orphan is counted before its attempt is told to have ended.</summary>
    public void TakeExits()
    {
        var orphansEnded = false;
        while (_exits.TryDequeue(out var exit))
        {
            if (
                Book.TryGetByPid(exit.Pid, out var attempt)
                && attempt.FirstExit.Pid == 0
                && !_entrances.IsLeaving(attempt, exit)
            )
                FirstEnded(attempt, exit);
            else if (_entrances.EndedBy(exit.Pid) is { } entered)
            {
                _ = _orphans.Reaped(exit.Pid);
                FirstEnded(entered, exit);
            }
            else if (Terminals.Ended(exit) || _listener.OtherEnded(exit) || _profiles.Ended(exit))
                continue;
            else
            {
                orphansEnded = true;
                OrphanEnded(exit);
            }
        }
        if (_firstEnded.Count == 0 && _draining.Count == 0 && !orphansEnded)
            return;
        if (_withoutCgroup > 0)
            LookForOrphans();
        if (_withoutCgroup > 0 && _orphans.HasPuzzles)
        {
            _loop.At(Clock.NowMs() + LookAgainMs, () => { });
            return;
        }
        foreach (var attempt in _firstEnded)
            Signal(attempt, new AttemptSignal.Exited(IsAnyLeft(attempt), GraceMs));
        _firstEnded.Clear();
        for (var i = _draining.Count - 1; i >= 0; i--)
        {
            if (!IsAnyLeft(_draining[i]))
                Signal(_draining[i], new AttemptSignal.Emptied());
        }
    }

    /// <summary>Starts some of those that wait.</summary>
    public void StartSome()
    {
        for (var i = 0; i < StartsPerTurn && _starts.TryDequeue(out var attempt); i++)
        {
            if (attempt.Phase is not AttemptPhase.Spawning)
                continue;
            _starter.Start(attempt);
            if (attempt.Pid == 0)
            {
                Signal(attempt, new AttemptSignal.SpawnFailed());
                continue;
            }
            _withoutCgroup += attempt.Cgroup is null ? 1 : 0;
            Book.Spawned(attempt);
            _names.Later(attempt);
            _listener.Spawned(attempt);
            _profiles.Started(attempt);
            Terminals.Started(attempt);
            Signal(attempt, new AttemptSignal.Spawned());
            if (attempt.MaxRuntimeMs > 0)
                _deadlines.Add(attempt, Clock.NowMs() + attempt.MaxRuntimeMs);
        }
    }

    /// <summary>The kernel killed a process of the attempt: the others are not to go on without.</summary>
    public void OutOfMemory(Attempt attempt)
    {
        if (attempt.OutOfMemory)
            return;
        attempt.OutOfMemory = true;
        Signal(attempt, new AttemptSignal.OutOfMemory());
    }

    /// <summary>Removes the files of an attempt of which nothing lives.</summary>
    public void Forget(AttemptId id)
    {
        if (!Book.TryGet(id, out var attempt) || attempt.End is not null)
            ThreadPool.UnsafeQueueUserWorkItem(
                paths => AttemptFiles.Remove(paths),
                _home.Attempt(id.Jid, id.Number),
                preferLocal: false
            );
    }

    /// <summary>The next time at which an attempt may have run for too long; null: never.</summary>
    public long? NextLimit => _deadlines.Next;

    /// <summary>Stops the attempts that have run for too long.</summary>
    public void StopOverdue()
    {
        while (_deadlines.TakeDue(Clock.NowMs()) is { } attempt)
            Signal(attempt, new AttemptSignal.RuntimeOver(GraceMs));
    }

    /// <summary>Kills everything at once; returns how many attempts may have lived.</summary>
    public int Fence()
    {
        var living = Book.Living.Count;
        foreach (var attempt in Book.All.ToArray())
            Fence(attempt);
        return living;
    }

    public void FlushSignals() => _signaller.Flush();

    /// <summary>Whose a child of the executor is.</summary>
    public Attempt? OwnerOfChild(int pid) =>
        Book.TryGetByPid(pid, out var attempt)
            ? attempt
            : Terminals.OwnerOf(pid) ?? _orphans.OwnerOf(pid);

    /// <summary>Finds the orphans whose owners are not known yet.</summary>
    public void LookForOrphans() => _orphans.Look();

    public void Dispose()
    {
        _starter.Dispose();
        _profiles.Dispose();
        _orphans.Dispose();
    }

    private void Fence(Attempt attempt)
    {
        if (attempt.Phase is AttemptPhase.Spawning)
            attempt.NotStarted = StartTrouble.Fenced;
        attempt.Fenced = true;
        Signal(attempt, new AttemptSignal.Fence());
    }

    private void Perform(Attempt attempt, AttemptStep step)
    {
        var wasDraining = attempt.Phase is AttemptPhase.Draining;
        attempt.Phase = step.Phase;
        if (!wasDraining && step.Phase is AttemptPhase.Draining)
            _draining.Add(attempt);
        else if (wasDraining && step.Phase is not AttemptPhase.Draining)
            _draining.Remove(attempt);
        foreach (var action in step.Actions)
            Perform(attempt, action);
    }

    private void Perform(Attempt attempt, AttemptAction action)
    {
        switch (action)
        {
            case AttemptAction.Spawn:
                _starts.Enqueue(attempt);
                break;
            case AttemptAction.Announce:
                _listener.Announced(attempt);
                break;
            case AttemptAction.Terminate:
                _signaller.Send(attempt, Libc.SIGTERM);
                break;
            case AttemptAction.Kill:
                _signaller.Send(attempt, Libc.SIGKILL);
                break;
            case AttemptAction.WakeAt wake:
                _loop.At(wake.At, () => Signal(attempt, new AttemptSignal.Woken()));
                break;
            case AttemptAction.NoteRuntimeOver:
                attempt.OverMaxRuntime = true;
                break;
            case AttemptAction.Report:
                Report(attempt);
                break;
        }
    }

    /// <summary>A child was reaped. For any thread.</summary>
    private void TellExit(ChildExit exit)
    {
        _exits.Enqueue(exit);
        _loop.Wake();
    }

    private void Report(Attempt attempt)
    {
        _signaller.Forget(attempt);
        if (attempt.Pid != 0)
        {
            Book.Gone(attempt);
            _withoutCgroup -= attempt.Cgroup is null ? 1 : 0;
        }
        else if (attempt.NotStarted.Length == 0)
            attempt.NotStarted = StartTrouble.Stopped;
        attempt.Order = null;
        Terminals.JobEnded(attempt);
        LeaveCgroup(attempt);
        _entrances.Leave(attempt);
        _finisher.Finish(attempt);
    }

    /// <summary>From now on the cgroup may be another attempt's.</summary>
    private void LeaveCgroup(Attempt attempt)
    {
        if (attempt.Cgroup is not { } cgroup)
            return;
        var last = cgroup.Read();
        attempt.Usage.Seen(last, isOver: true);
        attempt.OutOfMemory |= last.OutOfMemoryKills > 0;
        attempt.Cgroup = null;
        _cgroups.Give(cgroup, last);
    }

    private void Finished(Attempt attempt, ProcessEnded end)
    {
        attempt.End = end;
        Book.Ended();
        _listener.Ended(attempt, end);
    }

    private void FirstEnded(Attempt attempt, in ChildExit exit)
    {
        attempt.FirstExit = exit;
        attempt.Usage.Ended(exit);
        _firstEnded.Add(attempt);
        Terminals.JobEnded(attempt);
    }

    private void OrphanEnded(in ChildExit exit)
    {
        var owner = _orphans.Reaped(exit.Pid);
        if (owner is null && Book.TryGetByPid(exit.Session, out var bySession))
            owner = bySession;
        owner?.Usage.Ended(exit);
    }

    private bool IsAnyLeft(Attempt attempt) =>
        attempt.Cgroup is { } cgroup
            ? !cgroup.IsEmpty
            : ProcessSignaller.IsGroupAlive(attempt)
                || Terminals.Any(attempt)
                || _orphans.Any(attempt);
}
