using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Conversations;
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

/// <summary>The executor at work: one thread that owns all state, and its turns.</summary>
internal sealed class ExecutorHost : IDisposable
{
    /// <summary>Ends and kills wait for no more starts than these.</summary>
    private const int StartsPerTurn = 8;

    /// <summary>A record that could not be written (a full disk) is tried again after
    /// this.</summary>
    private const long RecordRetryMs = 200;

    /// <summary>The loop's and the door's own descriptors.</summary>
    private const int OwnFds = 2;

    private readonly HomePaths _home;
    private readonly ExecutorArguments _arguments;
    private readonly ExecutorLimits _limits;
    private readonly ExecutorLog _log;
    private readonly string _boot;
    private readonly EventLoop _loop = new();
    private readonly AttemptRecord _record;
    private readonly AgentDoor _door;
    private readonly Lease _lease = new();
    private readonly ExecutorParts _parts;
    private readonly NodeKeeper _node;
    private readonly Guard _guard;
    private readonly Func<bool> _hasWork;
    private readonly long _since = Clock.WallUs();
    private Libc.PollFd[] _fds = [];
    private RecordedNode? _recordedNode;
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
        _parts = new(home, _loop, limits, log, record, door, OtherEnded);
        _node = new(home, arguments.NodeArguments, limits, _loop, log, NodeStarted, NodeRefused);
        _guard = new(home, log);
        _hasWork = () => _parts.HasWork;
    }

    /// <summary>Takes over the ends that an earlier executor could not hand on.</summary>
    public void Adopt(IEnumerable<ProcessEnded> ends)
    {
        foreach (var end in ends)
        {
            var id = new AttemptId(end.Jid, end.Attempt);
            var paths = _home.Attempt(id.Jid, id.Number);
            _parts.Book.Add(new(id, paths, new AttemptPhase.Ended(), new AttemptStage.Over(end)));
        }
    }

    /// <summary>Works until it is told to end; returns the exit code. On a thread other than the
    /// main one, which is where orphans are counted (<see cref="Adoptions{TOwner}"/>).</summary>
    public int Run()
    {
        var now = Clock.NowMs();
        _parts.Cgroups.Start(_parts.OutOfMemory.Rung);
        if (_guard.Start(now))
            _parts.Reaper.ChildAdded();
        if (_arguments.WithNode)
            _node.Start(now);
        // While the node starts, which takes longer.
        _parts.Sandboxes.Detect();
        _parts.Reaper.Start();
        _parts.Usages.Start();
        TellAll(now);
        while (!_over)
            Turn();
        return _refusal ?? ExitCodes.Success;
    }

    /// <summary>Stops the node, which may first have its jobs run elsewhere, then all jobs, then
    /// itself; asked twice, it kills. For any thread.</summary>
    public void RequestEnd() => _loop.Post(now => End(handOver: _lease.IsFollowed, now));

    /// <summary>The same, but jobs are not waited for. For any thread.</summary>
    public void RequestEndNow() => _loop.Post(now => End(handOver: false, now));

    /// <summary>Stops the node alone. For any thread.</summary>
    public void RequestNodeStop() => _loop.Post(StopNode);

    /// <summary>Starts the node again if it does not run. For any thread.</summary>
    public void RequestNodeStart() => _loop.Post(now => _node.Start(now.Ms));

    public void Dispose()
    {
        _guard.Dispose();
        _door.Dispose();
        _parts.Dispose();
        _record.Dispose();
        _node.Dispose();
        _loop.Dispose();
    }

    private void Turn()
    {
        if (_fds.Length < _door.Connections + OwnFds)
            _fds = new Libc.PollFd[_door.Connections + OwnFds + AgentDoor.ConnectionsMax];
        var fds = _fds.AsSpan(0, _door.Watch(_fds, 1));
        _loop.Wait(fds, _hasWork, Earlier(_lease.RunsOutAt, _parts.Runner.NextLimit));
        var now = Clock.Now();
        // Before anything is read: what was said before a long sleep is not news.
        CheckLease(now);
        _door.Serve(fds[1..], now, Handle);
        _parts.Ends.Take(now);
        _loop.RunDue(now);
        now = Clock.Now();
        CheckLease(now);
        _parts.Runner.StopOverdue(now);
        for (var i = 0; i < StartsPerTurn && _parts.Runner.HasStarts; i++)
            _parts.Runner.StartNext(Clock.Now());
        _parts.Runner.FlushSignals();
        TellAll(now.Ms);
        EndWhenIdle();
    }

    private static long? Earlier(long? a, long? b) => a is null || b < a ? b : a;

    private void Handle(ToExecutor message, Moment now)
    {
        switch (message.MessageCase)
        {
            case ToExecutor.MessageOneofCase.Hello:
                Greet(message.Hello, now.Ms);
                break;
            case ToExecutor.MessageOneofCase.Renew:
                _lease.Renewed(now.Ms - message.Renew.AgeMs, now.Ms);
                break;
            case ToExecutor.MessageOneofCase.Start:
                _parts.Logs.LookAfter(now.Ms);
                if (!_ending)
                    _parts.Runner.Start(message.Start, _lease.IsOut, now);
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

    /// <summary>Starts that were not tried yet are dropped: the new agent does not find them in
    /// the inventory, and asks again if it wants them.</summary>
    private void Greet(Hello hello, long now)
    {
        _node.Served();
        _lease.Follow(hello.FenceAfterMs);
        if (!hello.Uncertain)
            _lease.Renewed(now, now);
        if (!Limits.Follow(_limits, hello.Limits, _home))
            _log.Write("the limits that the agent gave cannot be kept for the next start");
        _parts.Cgroups.Follow();
        _parts.Wishes.Follow(hello);
        _parts.Runner.DropStarts();
        _parts.Logs.Follow(now);
        _door.Tell(new() { Inventory = TakeInventory() });
        if (_fenced is { } killed)
            _door.Tell(new() { Fenced = new() { Killed = killed } });
        _fenced = null;
    }

    private Inventory TakeInventory()
    {
        var inventory = new Inventory
        {
            ExecutorPid = Libc.getpid(),
            Limits = _parts.Cgroups.Words,
            Since = _since,
            Isolation = _parts.Sandboxes.Isolation,
            NoSyslog = _parts.Logs.Trouble,
        };
        foreach (var attempt in _parts.Book.All)
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
        if (!_parts.Book.TryGet(id, out var attempt) || attempt.End is null)
            return;
        _parts.Book.Remove(attempt);
        _record.Accepted(id);
    }

    private void CheckLease(Moment now)
    {
        if (!_lease.HasRunOut(now.Ms))
            return;
        long killed = _parts.Runner.Fence(now);
        _log.Write($"the agent is silent for too long: {killed} jobs are killed");
        if (_door.HasAgent)
            _door.Tell(new() { Fenced = new() { Killed = killed } });
        else
            _fenced = killed;
    }

    /// <summary>What is not on record is not told.</summary>
    private void TellAll(long now)
    {
        if (_record.IsLong && !_record.Rewrite(RecordEntries()))
            _log.Write($"the record cannot be rewritten (error {Libc.Errno})");
        var written = _record.Flush();
        if (written)
            _door.Flush();
        else
            _loop.At(now + RecordRetryMs, _ => { });
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
        foreach (var attempt in _parts.Book.All)
        {
            if (attempt.End is { } end)
                yield return new() { Ended = end };
            else if (attempt.Job is { } job)
                yield return new() { Started = AttemptRecord.StartOf(attempt.Id, job.Process) };
        }
    }

    private void StopNode(Moment now) => _node.Stop(handOver: false, now, _ => { });

    private void End(bool handOver, Moment now)
    {
        if (_ending)
        {
            StopNode(now);
            _ = _parts.Runner.Fence(now);
            return;
        }
        _ending = true;
        _log.Write("ending: first the node, then the jobs");
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
        if ((_ending && _nodeIsStopped || _refusal is not null) && _parts.Book.Unended == 0)
            _over = !_recordIsStuck;
    }

    private bool OtherEnded(ChildExit exit, Moment now) =>
        _node.Ended(exit, now) || _guard.Ended(exit, now.Ms, _parts.Reaper.ChildAdded);

    private void NodeStarted(Spawned process)
    {
        _parts.Reaper.ChildAdded();
        _recordedNode = AttemptRecord.NodeOf(process);
        _record.NodeStarted(process);
    }

    private void NodeRefused(int code)
    {
        _refusal = code;
        _log.Write($"the node will not run (exit status {code}): see its log");
    }
}
