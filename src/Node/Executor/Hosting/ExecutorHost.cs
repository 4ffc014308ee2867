using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Conversations;
using JobCloud.Node.Executor.Guards;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Ports;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Terminals;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>The executor at work: one thread that owns all state, and its turns.</summary>
internal sealed class ExecutorHost : IAttemptListener, IDisposable
{
    /// <summary>A record that could not be written (a full disk) is tried again after this.</summary>
    private const long RecordRetryMs = 200;

    private readonly ExecutorLimits _limits;

    /// <summary>The loop's and the door's own descriptors.</summary>
    private const int OwnFds = 2;

    private readonly HomePaths _home;
    private readonly ExecutorArguments _arguments;
    private readonly ExecutorLog _log;
    private readonly string _boot;
    private readonly EventLoop _loop = new();
    private readonly AttemptRecord _record;
    private readonly AgentDoor _door;
    private readonly Lease _lease = new();
    private readonly JobCgroups _cgroups;
    private readonly SandboxTool _sandboxes;
    private readonly AttemptRunner _runner;
    private readonly UsageWatch _usages;
    private readonly PortWatch _ports;
    private readonly SystemLogs _logs;
    private readonly NodeKeeper _node;
    private readonly Guard _guard;
    private readonly TerminalDoor? _terminals;
    private Libc.PollFd[] _fds = [];
    private readonly Func<bool> _hasWork;
    private RecordedNode? _recordedNode;
    private readonly long _since = Clock.WallUs();
    private long? _fenced;
    private bool _ending;
    private bool _nodeIsStopped;
    private bool _over;
    private int? _refusal;
    private bool _recordIsStuck;

    public ExecutorHost(
        HomePaths home,
        ExecutorArguments arguments,
        ExecutorLimits limits,
        ExecutorLog log,
        string boot,
        AttemptRecord record,
        AgentDoor door
    )
    {
        (_home, _arguments, _limits, _log, _boot) = (home, arguments, limits, log, boot);
        (_record, _door) = (record, door);
        _cgroups = new(home, limits, log);
        _sandboxes = new(home);
        _runner = new(home, _loop, limits, _cgroups, _sandboxes, this);
        _usages = new(
            _loop,
            _runner,
            _cgroups,
            usages => _door.Tell(new() { Usages = usages }),
            (attempt, bytes) =>
                _log.Write($"{attempt.Id}: {bytes} bytes of output over the limit were dropped")
        );
        _ports = new(home, _loop, _runner, limits, ports => _door.Tell(new() { Ports = ports }));
        _node = new(home, arguments, limits, _loop, log, NodeStarted, NodeRefused);
        _guard = new(home, log);
        _logs = new(home, limits, log);
        _terminals = TerminalDoor.Open(home.TerminalSocket, _runner.Terminals, limits);
        if (_terminals is null)
            log.Write($"{home.TerminalSocket} cannot be opened: no terminals in jobs");
        _hasWork = () => _runner.HasStarts || _runner.HasExits;
    }

    /// <summary>Takes over the ends that an earlier executor could not hand on.</summary>
    public void Adopt(IEnumerable<ProcessEnded> ends, HomePaths home)
    {
        foreach (var end in ends)
        {
            var id = new AttemptId(end.Jid, end.Attempt);
            _runner.Book.Add(new(id, home.Attempt(id.Jid, id.Number)) { End = end });
        }
    }

    /// <summary>Works until it is told to end; returns the exit code. On a thread other than the
    /// main one, which is where orphans are counted (<see cref="Adoptions"/>).</summary>
    public int Run()
    {
        _cgroups.Start(new MemoryWatch(_loop, _runner).Rung);
        if (_guard.Start())
            _runner.ChildAdded();
        if (_arguments.WithNode)
            _node.Start();
        // While the node starts, which takes longer.
        _sandboxes.Detect();
        _runner.StartReaping();
        _usages.Start();
        TellAll();
        while (!_over)
            Turn();
        return _refusal ?? ExitCodes.Success;
    }

    /// <summary>Stops the node, which may first have its jobs run elsewhere, then all jobs, then itself;
    /// asked twice, it kills. For any thread.</summary>
    public void RequestEnd() => _loop.Post(() => End(handOver: _lease.IsFollowed));

    /// <summary>The same, but jobs are not waited for. For any thread.</summary>
    public void RequestEndNow() => _loop.Post(() => End(handOver: false));

    /// <summary>Stops the node alone. For any thread.</summary>
    public void RequestNodeStop() => _loop.Post(() => _node.Stop(handOver: false, () => { }));

    /// <summary>Starts the node again if it does not run. For any thread.</summary>
    public void RequestNodeStart() => _loop.Post(_node.Start);

    public void Spawned(Attempt attempt)
    {
        _runner.ChildAdded();
        _record.Started(attempt.Id, attempt.Process);
        _logs.Started(attempt);
        _usages.Started(attempt);
    }

    public void Announced(Attempt attempt) =>
        _door.Tell(new() { Started = attempt.Announcement() });

    public void Ended(Attempt attempt, ProcessEnded end)
    {
        _ports.Ended(attempt);
        _logs.Ended(attempt);
        _record.Ended(end);
        _door.Tell(new() { Ended = end });
    }

    public void ToldAgain(Attempt attempt)
    {
        if (attempt.End is { } end)
            _door.Tell(new() { Ended = end });
        else if (attempt.Pid != 0)
            Announced(attempt);
    }

    public bool OtherEnded(in ChildExit exit) =>
        _node.Ended(exit) || _guard.Ended(exit, _runner.ChildAdded);

    public void Dispose()
    {
        _guard.Dispose();
        _door.Dispose();
        _terminals?.Dispose();
        _record.Dispose();
        _runner.Dispose();
        _cgroups.Dispose();
        _node.Dispose();
        _ports.Dispose();
        _logs.Dispose();
        _loop.Dispose();
    }

    private void Turn()
    {
        if (_fds.Length < _door.Connections + OwnFds)
            _fds = new Libc.PollFd[_door.Connections + OwnFds + AgentDoor.ConnectionsMax];
        var fds = _fds.AsSpan(0, _door.Watch(_fds, 1));
        _loop.Wait(fds, _hasWork, Earlier(_lease.RunsOutAt, _runner.NextLimit));
        // Before anything is read: what was said before a long sleep is not news.
        CheckLease();
        _door.Serve(fds[1..], Handle);
        _runner.TakeExits();
        _loop.RunDue();
        CheckLease();
        _runner.StopOverdue();
        _runner.StartSome();
        _runner.FlushSignals();
        TellAll();
        EndWhenIdle();
    }

    private static long? Earlier(long? a, long? b) => a is null || b < a ? b : a;

    private void Handle(ToExecutor message)
    {
        switch (message.MessageCase)
        {
            case ToExecutor.MessageOneofCase.Hello:
                Greet(message.Hello);
                break;
            case ToExecutor.MessageOneofCase.Renew:
                _lease.Renewed(Clock.NowMs() - message.Renew.AgeMs, Clock.NowMs());
                break;
            case ToExecutor.MessageOneofCase.Start:
                _logs.LookAfter();
                if (!_ending)
                    _runner.Start(message.Start, _lease.IsOut);
                break;
            case ToExecutor.MessageOneofCase.Stop:
                Stop(message.Stop);
                break;
            case ToExecutor.MessageOneofCase.Accept:
                Accept(new(message.Accept.Jid, message.Accept.Attempt));
                break;
            case ToExecutor.MessageOneofCase.Usages:
                _usages.Read(message.Usages);
                break;
            case ToExecutor.MessageOneofCase.Ports:
                _ports.Find(message.Ports);
                break;
            case ToExecutor.MessageOneofCase.Forget:
                _runner.Forget(new(message.Forget.Jid, message.Forget.Attempt));
                break;
            case ToExecutor.MessageOneofCase.Shutdown:
                if (message.Shutdown.KillJobs)
                    End(handOver: false);
                else
                    _node.Stop(handOver: false, () => { });
                break;
        }
    }

    /// <summary>Starts that were not tried yet are dropped: the new agent does not find them in
    /// the inventory, and asks again if it wants them.</summary>
    private void Greet(Hello hello)
    {
        _node.Served();
        _lease.Follow(hello.FenceAfterMs);
        if (!hello.Uncertain)
            _lease.Renewed(Clock.NowMs(), Clock.NowMs());
        if (!Limits.Follow(_limits, hello.Limits, _home))
            _log.Write("the limits that the agent gave cannot be kept for the next start");
        _cgroups.Follow();
        _runner.Follow(hello);
        _runner.DropStarts();
        _usages.Follow(hello);
        _logs.Follow();
        var inventory = new Inventory
        {
            ExecutorPid = Libc.getpid(),
            Limits = _cgroups.Words,
            Since = _since,
            Isolation = _sandboxes.Isolation,
            NoSyslog = _logs.Trouble,
        };
        foreach (var attempt in _runner.Book.All)
        {
            if (attempt.End is { } end)
                inventory.Ended.Add(end);
            else if (attempt.Pid != 0)
                inventory.Running.Add(attempt.Announcement());
        }
        _door.Tell(new() { Inventory = inventory });
        if (_fenced is { } killed)
            _door.Tell(new() { Fenced = new() { Killed = killed } });
        _fenced = null;
    }

    private void Stop(StopProcess stop)
    {
        if (!_runner.Book.TryGet(new(stop.Jid, stop.Attempt), out var attempt))
            return;
        var grace = stop.GraceMs > 0 ? stop.GraceMs : _runner.GraceMs;
        _runner.Signal(attempt, new AttemptSignal.Stop(grace));
    }

    private void Accept(AttemptId id)
    {
        if (!_runner.Book.TryGet(id, out var attempt) || attempt.End is null)
            return;
        _runner.Book.Remove(attempt);
        _record.Accepted(id);
    }

    private void CheckLease()
    {
        if (!_lease.HasRunOut(Clock.NowMs()))
            return;
        long killed = _runner.Fence();
        _log.Write($"the agent is silent for too long: {killed} jobs are killed");
        if (_door.HasAgent)
            _door.Tell(new() { Fenced = new() { Killed = killed } });
        else
            _fenced = killed;
    }

    /// <summary>What is not on record is not told.</summary>
    private void TellAll()
    {
        if (_record.IsLong && !_record.Rewrite(RecordEntries()))
            _log.Write($"the record cannot be rewritten (error {Libc.Errno})");
        var written = _record.Flush();
        if (written)
            _door.Flush();
        else
            _loop.At(Clock.NowMs() + RecordRetryMs, () => { });
        if (written == _recordIsStuck)
            _log.Write(
                written
                    ? "the record can be written again"
                    : $"the record cannot be written (error {Libc.Errno}): nothing is told until it can"
            );
        _recordIsStuck = !written;
    }

    private IEnumerable<RecordEntry> RecordEntries()
    {
        yield return new() { Opened = new() { Boot = _boot } };
        if (_recordedNode is { } node)
            yield return new() { Node = node };
        foreach (var attempt in _runner.Book.All)
        {
            if (attempt.End is { } end)
                yield return new() { Ended = end };
            else if (attempt.Pid != 0)
                yield return new() { Started = AttemptRecord.StartOf(attempt.Id, attempt.Process) };
        }
    }

    private void End(bool handOver)
    {
        if (_ending)
        {
            _node.Stop(handOver: false, () => { });
            _ = _runner.Fence();
            return;
        }
        _ending = true;
        _log.Write("ending: first the node, then the jobs");
        _node.Stop(
            handOver,
            () =>
            {
                _nodeIsStopped = true;
                _runner.StopAll();
            }
        );
    }

    private void EndWhenIdle()
    {
        if ((_ending && _nodeIsStopped || _refusal is not null) && _runner.Book.Unended == 0)
            _over = !_recordIsStuck;
    }

    private void NodeStarted(Spawned process)
    {
        _runner.ChildAdded();
        _recordedNode = AttemptRecord.NodeOf(process);
        _record.NodeStarted(process);
    }

    private void NodeRefused(int code)
    {
        _refusal = code;
        _log.Write($"the node will not run (exit status {code}): see its log");
    }
}
