using JobCloud.Node.Executor.AgentConnections;
using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Guards;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>The running executor: one thread that owns all state, and its loop.</summary>
internal sealed class ExecutorHost : IDisposable
{
    /// <summary>Maximum number of starts per turn, so that ends and kills do not wait for
    /// more.</summary>
    private const int StartsPerTurn = 8;

    /// <summary>Delay before a failed write of the record (full disk) is retried.</summary>
    private const long RecordRetryMs = 200;

    /// <summary>The time that the guard of an earlier executor has to see that this one listens,
    /// ms.</summary>
    private const long ReliefMs = 3_000;

    private const int FailedTurnsMax = 100;

    /// <summary>The descriptors of the event loop and of the listening socket.</summary>
    private const int OwnFds = 2;

    private readonly HomePaths _home;
    private readonly ExecutorArguments _arguments;
    private readonly ExecutorLimits _limits;
    private readonly ExecutorLog _log;
    private readonly string _boot;
    private readonly EventLoop _loop;
    private readonly ExecutorRecord _record;
    private readonly AgentListener _listener;
    private readonly ExecutorLease _lease = new();
    private readonly JobServices _parts;
    private readonly NodeSupervisor _node;
    private readonly Guard _guard;
    private readonly StoppedProcesses _stopped;
    private readonly HomeWatch _homeWatch;
    private readonly Func<bool> _hasWork;
    private readonly long _since = Clock.WallUs();
    private Libc.PollFd[] _fds = [];
    private RecordedNode? _recordedNode;
    private int _failedTurns;
    private long? _fenced;
    private bool _isStopping;
    private bool _nodeIsStopped;
    private bool _isDone;
    private int? _refusedExitCode;
    private bool _recordIsStuck;

    public ExecutorHost(HostParts given)
    {
        (_home, var held, _arguments, _limits, _log, _boot, _loop, _guard, _record, _listener) =
            given;
        _parts = new(_home, _loop, _limits, _log, _record, _listener, IsNode, NonJobProcessEnded);
        _node = new(
            _home,
            _arguments.NodeArguments,
            _limits,
            _loop,
            _log,
            NodeStarted,
            NodeRefused
        );
        _listener.IsNode = IsNode;
        _guard.Restarted = GuardRestarted;
        _stopped = new(
            _loop,
            _log,
            [("jobcloud-node", () => _node.Pid), ("the guard", () => _guard.Pid)]
        );
        _homeWatch = new(_home, held, _loop, _log, Repair, later => End(handOver: false, later));
        _hasWork = () => _parts.HasWork;
    }

    /// <summary>Takes over the ends that an earlier executor could not report.</summary>
    public void Adopt(IEnumerable<ProcessEnded> ends)
    {
        foreach (var end in ends)
        {
            var id = new AttemptId(end.Jid, end.Attempt);
            var paths = _home.Attempt(id.Jid, id.Number);
            _parts.Registry.Add(
                new(id, paths, new AttemptPhase.Ended(), new AttemptStage.EndReported(end))
            );
        }
    }

    /// <summary>Ends the guard of an earlier executor, which has nothing left to do once this one
    /// listens; it ends itself unless a signal has stopped it.</summary>
    public void Relieve(RecordedNode? guard)
    {
        if (guard is not null)
            _loop.At(Clock.NowMs() + ReliefMs, _ => RecordedProcess.Kill(guard));
    }

    /// <summary>Runs until asked to end; returns the exit code. Must not run on the main thread,
    /// where orphans are counted (<see cref="OrphanOwners{TOwner}"/>).</summary>
    public int Run()
    {
        var now = Clock.NowMs();
        _parts.Cgroups.Start(_parts.OutOfMemory.Notify);
        // Not earlier: a guard of an earlier executor leaves once this one listens.
        _listener.Listen();
        if (_arguments.WithNode)
            _node.Start(now);
        // The node takes longer to start; this runs meanwhile.
        _parts.Sandboxes.Detect();
        _parts.Reaper.Start();
        _parts.Usages.Start();
        _stopped.Watch(now);
        _homeWatch.Watch(now);
        SendAll(now);
        while (!_isDone)
            TryTurn();
        return _refusedExitCode ?? ExecutorExitCodes.Success;
    }

    /// <summary>Stops the node, which may first hand its jobs over, then all jobs, then the
    /// executor. A second call kills at once. Thread-safe.</summary>
    public void RequestEnd() => _loop.Post(now => End(handOver: _lease.IsEnabled, now));

    /// <summary>Like <see cref="RequestEnd"/>, but without handing jobs over.
    /// Thread-safe.</summary>
    public void RequestEndNow() => _loop.Post(now => End(handOver: false, now));

    /// <summary>Stops only the node. Thread-safe.</summary>
    public void RequestNodeStop() => _loop.Post(StopNode);

    /// <summary>Starts the node unless it is running. Thread-safe.</summary>
    public void RequestNodeStart() => _loop.Post(now => _node.Start(now.Ms));

    public void Dispose()
    {
        _listener.Dispose();
        _parts.Dispose();
        _node.Dispose();
    }

    /// <summary>A fault of one turn costs that turn. An executor that can do nothing any more dies,
    /// and its guard starts the next one.</summary>
    private void TryTurn()
    {
        try
        {
            Turn();
            _failedTurns = 0;
        }
        catch (Exception e) when (++_failedTurns < FailedTurnsMax)
        {
            _log.WriteFault(e);
        }
    }

    private void Turn()
    {
        if (_fds.Length < _listener.Connections + OwnFds)
            _fds = new Libc.PollFd[_listener.Connections + OwnFds + AgentListener.ConnectionsMax];
        var fds = _fds.AsSpan(0, _listener.AddPollFds(_fds, 1));
        // Reports cannot be sent while the record cannot be written.
        var held = _recordIsStuck ? null : _listener.HeldUntil;
        _loop.Wait(fds, _hasWork, _lease.ExpiresAt, _parts.Runner.NextLimit, held);
        var now = Clock.Now();
        // Checked before any message is read: after a long sleep, queued renewals are out of date.
        CheckLease(now);
        _listener.Serve(fds[1..], now, TryHandle);
        _parts.ChildExits.Take(now);
        _loop.RunDue(now);
        now = Clock.Now();
        CheckLease(now);
        _parts.Runner.StopOverdue(now);
        for (var i = 0; i < StartsPerTurn && _parts.Runner.HasStarts; i++)
            _parts.Runner.StartNext(Clock.Now());
        _parts.Runner.FlushSignals();
        SendAll(now.Ms);
        EndWhenIdle();
    }

    /// <summary>Creates missing files of run/ again; returns whether any was missing.</summary>
    private bool Repair(Moment now)
    {
        _node.RestartUnlessReachable(now);
        return _parts.Repair() | (!_record.IsInPlace && _record.Rewrite(RecordEntries()));
    }

    /// <summary>A fault at one message costs no other.</summary>
    private void TryHandle(ToExecutor message, Moment now)
    {
        try
        {
            Handle(message, now);
        }
        catch (Exception e)
        {
            _log.WriteFault(e);
        }
    }

    private void Handle(ToExecutor message, Moment now)
    {
        switch (message.MessageCase)
        {
            case ToExecutor.MessageOneofCase.Hello:
                HandleHello(message.Hello, now.Ms);
                break;
            case ToExecutor.MessageOneofCase.Renew:
                _lease.Renew(now.Ms - message.Renew.AgeMs, now.Ms);
                break;
            case ToExecutor.MessageOneofCase.Start:
                _parts.Logs.CheckDevLog(now.Ms);
                if (!_isStopping)
                    _parts.Runner.Start(message.Start, _lease.IsExpired, now);
                break;
            case ToExecutor.MessageOneofCase.Stop:
                _parts.Runner.Stop(message.Stop, now);
                break;
            case ToExecutor.MessageOneofCase.Accept:
                Accept(new(message.Accept.Jid, message.Accept.Attempt));
                break;
            case ToExecutor.MessageOneofCase.Usages:
                _parts.Usages.Read(message.Usages, now.Ms);
                break;
            case ToExecutor.MessageOneofCase.Ports:
                _parts.Ports.Find(message.Ports, now.Ms);
                break;
            case ToExecutor.MessageOneofCase.Forget:
                _parts.Runner.Forget(new(message.Forget.Jid, message.Forget.Attempt));
                break;
            case ToExecutor.MessageOneofCase.Shutdown when message.Shutdown.KillJobs:
                End(handOver: false, now);
                break;
            case ToExecutor.MessageOneofCase.Shutdown:
                StopNode(now);
                break;
        }
    }

    /// <summary>Handles an agent's Hello. Drops pending starts: the new agent does not find them in
    /// the inventory and orders them again if it wants them.</summary>
    private void HandleHello(Hello hello, long now)
    {
        _node.NodeConnected();
        _lease.SetPeriod(hello.FenceAfterMs);
        if (!hello.Uncertain)
            _lease.Renew(now, now);
        if (!LimitsFile.Apply(_limits, hello.Limits, _home))
            _log.Write("cannot save the agent's settings for the next start");
        _parts.Cgroups.DetectIfEnabled();
        _parts.Settings.Apply(hello);
        _parts.Runner.DropStarts();
        _parts.Logs.ApplyLimits(now);
        _listener.Send(new() { Inventory = TakeInventory() });
        if (_fenced is { } killed)
            _listener.Send(new() { Fenced = new() { Killed = killed } });
        _fenced = null;
    }

    private Inventory TakeInventory()
    {
        var inventory = new Inventory
        {
            ExecutorPid = Libc.getpid(),
            Limits = _parts.Cgroups.Description,
            Since = _since,
            Isolation = _parts.Sandboxes.Isolation,
            NoSyslog = _parts.Logs.UnavailableReason,
        };
        foreach (var attempt in _parts.Registry.All)
        {
            if (attempt.End is { } end)
                inventory.Ended.Add(end);
            else if (attempt.Job is { } job)
                inventory.Running.Add(job.Announcement(attempt.Id));
        }
        return inventory;
    }

    private void Accept(AttemptId id)
    {
        if (!_parts.Registry.TryGet(id, out var attempt) || attempt.End is null)
            return;
        _parts.Registry.Remove(attempt);
        _record.Accepted(id);
    }

    private void CheckLease(Moment now)
    {
        if (!_lease.TryExpire(now.Ms))
            return;
        long killed = _parts.Runner.Fence(now);
        _log.Write($"the executor lease expired; killing {killed} jobs");
        if (_listener.HasAgent)
            _listener.Send(new() { Fenced = new() { Killed = killed } });
        else
            _fenced = killed;
    }

    /// <summary>Sends the queued messages, but only once the record is written.</summary>
    private void SendAll(long now)
    {
        if (_record.IsLong && !_record.Rewrite(RecordEntries()))
            _log.Write($"the record cannot be rewritten (errno {Libc.Errno})");
        var written = _record.Flush();
        if (written)
            _listener.Flush(now);
        else
            _loop.At(now + RecordRetryMs, _ => { });
        if (written == _recordIsStuck)
            _log.Write(
                written
                    ? "the record is writable again"
                    : $"the record cannot be written (errno {Libc.Errno}): no reports are sent until it can be"
            );
        _recordIsStuck = !written;
    }

    private IEnumerable<RecordEntry> RecordEntries()
    {
        yield return new() { Opened = new() { Boot = _boot } };
        if (_recordedNode is { } node)
            yield return new() { Node = node };
        foreach (var guard in _guard.Entries())
            yield return guard;
        foreach (var attempt in _parts.Registry.All)
        {
            if (attempt.End is { } end)
                yield return new() { Ended = end };
            else if (attempt.Job is { } job)
                yield return new() { Started = ExecutorRecord.StartOf(attempt.Id, job.Process) };
        }
    }

    private void StopNode(Moment now) => _node.Stop(handOver: false, now, _ => { });

    private void End(bool handOver, Moment now)
    {
        if (_isStopping)
        {
            StopNode(now);
            _ = _parts.Runner.Fence(now);
            return;
        }
        _isStopping = true;
        _log.Write("stopping the node, then the jobs");
        _node.Stop(
            handOver,
            now,
            later =>
            {
                _nodeIsStopped = true;
                _parts.Runner.StopAll(later);
            }
        );
    }

    private void EndWhenIdle()
    {
        if (
            (_isStopping && _nodeIsStopped || _refusedExitCode is not null)
            && _parts.Registry.UnendedCount == 0
        )
            _isDone = !_recordIsStuck;
    }

    // A terminal's thread may ask before there is a node.
    private bool IsNode(int pid) => !_arguments.WithNode || _node?.Pid == pid;

    private bool NonJobProcessEnded(ChildExit exit, Moment now) =>
        _node.Ended(exit, now) || _guard.Ended(exit, now.Ms);

    private void NodeStarted(SpawnResult process)
    {
        _parts.Reaper.ChildAdded();
        _recordedNode = ExecutorRecord.NodeOf(process);
        _record.NodeStarted(process);
    }

    private void GuardRestarted(SpawnResult process)
    {
        _parts.Reaper.ChildAdded();
        _record.GuardStarted(process);
    }

    private void NodeRefused(int code)
    {
        _refusedExitCode = code;
        _log.Write($"the node refused to start (exit status {code}): see its log");
    }
}
