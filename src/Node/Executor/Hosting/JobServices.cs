using JobCloud.Node.Executor.AgentConnections;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Logs;
using JobCloud.Node.Executor.Monitoring;
using JobCloud.Node.Executor.Ports;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Node.Executor.Sampling;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Terminals;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Hosting;

/// <summary>Composes all parts that handle jobs, and forwards the changes of attempts to those that
/// need them.</summary>
internal sealed class JobServices : IAttemptListener, IDisposable
{
    private readonly ExecutorRecord _record;
    private readonly AgentListener _agent;
    private readonly ExecutorLog _log;
    private readonly ExitQueue _exits;
    private readonly JobSpawner _spawner;
    private readonly Profiles _profiles;
    private readonly Orphans _orphans;
    private readonly DiskWatch _disk;
    private readonly EscapeWatch _escapes;
    private readonly Func<TerminalListener?> _listenForTerminals;
    private readonly HomePaths _home;
    private readonly ExecutorLimits _limits;
    private TerminalListener? _terminalListener;

    /// <param name="isOther">Handles the exit of a child that belongs to no job; false: it belongs
    /// to a job.</param>
    public JobServices(
        HomePaths home,
        EventLoop loop,
        ExecutorLimits limits,
        ExecutorLog log,
        ExecutorRecord record,
        AgentListener agent,
        Func<int, bool> isNode,
        Func<ChildExit, Moment, bool> isOther
    )
    {
        (_home, _limits, _record, _agent, _log) = (home, limits, record, agent, log);
        _exits = new(loop);
        Reaper = new(_exits.Add);
        Cgroups = new(home, limits, log);
        Sandboxes = new(home);
        Logs = new(home, limits, log);
        _spawner = new(limits, Cgroups);
        _profiles = new(home.Run, loop, limits, Reaper.ChildAdded);
        _orphans = new(home, loop, Registry, Logs.ParentOf, () => Reaper.ReapCount);
        var environment = new JobEnvironment(home.Home, Settings, new PythonHook(home, limits));
        var sandboxStarts = new SandboxStarts(home, Sandboxes);
        var filePool = new FilePool(home.Spare, Clock.NowMs());
        var addedProcesses = new TerminalService(
            Registry,
            new TerminalStarter(Settings, environment, _spawner, Sandboxes),
            limits,
            loop,
            Reaper.ChildAdded
        );
        var owners = new ChildOwners(Registry, addedProcesses, _orphans);
        var memory = new OwnMemory();
        Runner = new(
            home,
            loop,
            Settings,
            Registry,
            owners,
            addedProcesses,
            new AttemptStarter(
                Settings,
                new JobAccounts(home, limits),
                filePool,
                Cgroups,
                sandboxStarts,
                _profiles,
                environment,
                _spawner
            ),
            new AttemptFinisher(
                home,
                loop,
                limits,
                Settings,
                filePool,
                Cgroups,
                sandboxStarts,
                _profiles,
                _orphans,
                memory
            ),
            this,
            log.Write
        );
        ChildExits = new(
            loop,
            _exits,
            Runner,
            Registry,
            addedProcesses,
            _orphans,
            owners,
            sandboxStarts,
            (exit, now) => isOther(exit, now) || _profiles.Ended(exit, now.Ms)
        );
        Usages = new(
            loop,
            Settings,
            Registry,
            Runner,
            owners,
            Cgroups,
            limits,
            memory,
            usages => agent.Send(new() { Usages = usages }),
            (attempt, bytes) =>
                log.Write($"{attempt.Id}: {bytes} bytes of output over the limit were dropped")
        );
        Ports = new(
            home,
            loop,
            Registry,
            owners,
            limits,
            ports => agent.Send(new() { Ports = ports }),
            Reaper.ChildAdded
        );
        OutOfMemory = new(loop, Registry, Runner);
        _escapes = new(loop, Registry, Runner, owners, log.Write);
        _disk = new(home, loop, limits, Registry, log);
        _listenForTerminals = () =>
            TerminalListener.Open(home.TerminalSocket, addedProcesses, limits, isNode);
        _terminalListener = _listenForTerminals();
        if (_terminalListener is null)
            log.Write($"cannot open {home.TerminalSocket}: terminals in jobs are unavailable");
    }

    public ExecutionSettings Settings { get; } = new();
    public AttemptRegistry Registry { get; } = new();
    public Reaper Reaper { get; }
    public JobCgroups Cgroups { get; }
    public SandboxTool Sandboxes { get; }
    public SystemLogs Logs { get; }
    public AttemptRunner Runner { get; }
    public ChildExitHandler ChildExits { get; }
    public UsageMonitor Usages { get; }
    public PortQueries Ports { get; }
    public OomMonitor OutOfMemory { get; }

    /// <summary>Whether there is work to do without waiting.</summary>
    public bool HasWork => Runner.HasStarts || _exits.HasSome;

    /// <summary>Makes the files of run/ anew that somebody removed; returns whether any was
    /// gone.</summary>
    public bool Repair()
    {
        var wasGone = !Directory.Exists(_home.Spare);
        _ = Folder.Make(_home.Spare);
        wasGone |= _agent.Repair();
        if (!File.Exists(_home.ExecutorLimits) && _agent.HasAgent)
            wasGone |= LimitsFile.Apply(_limits, null, _home);
        if (!File.Exists(_home.Cgroups))
            wasGone |= Cgroups.NoteParents();
        if (_terminalListener is { IsInPlace: true })
            return wasGone;
        _terminalListener?.Retire();
        _terminalListener = _listenForTerminals();
        return true;
    }

    public void Spawned(TrackedAttempt attempt, StartedJob job, long now)
    {
        Reaper.ChildAdded();
        _record.Started(attempt.Id, job.Process);
        Logs.Started(job.Pid, attempt.Id);
        Usages.Started(attempt, now);
        _disk.Started(now);
        _escapes.Started(job, now);
        if (job.Launch.Order.PublishedPorts.Count > 0)
            Ports.Publish(attempt.Id, job.Launch.Order.PublishedPorts);
    }

    public void Announced(TrackedAttempt attempt, StartedJob job) =>
        _agent.Send(new() { Started = job.Announcement(attempt.Id) });

    public void Ended(TrackedAttempt attempt, StartedJob? job, ProcessEnded end, long now)
    {
        try
        {
            Ports.Ended(attempt, now);
            if (job is not null)
                Logs.Ended(job.Pid, attempt.Id, now);
        }
        catch (Exception e)
        {
            _log.Write($"{attempt.Id}: {e}");
        }
        _orphans.Kill(attempt);
        _record.Ended(end);
        _agent.Send(new() { Ended = end });
    }

    public void Outlived(TrackedAttempt attempt, StartedJob job)
    {
        var why = StuckProcess.Describe(StuckProcesses.Of(job));
        if (why.Length == 0)
            why = "some of its processes live on after SIGKILL";
        _log.Write($"{attempt.Id}: {why}");
        _agent.Send(
            new()
            {
                Stuck = new()
                {
                    Jid = attempt.Id.Jid,
                    Attempt = attempt.Id.Number,
                    Why = why,
                },
            }
        );
    }

    public void StartRepeated(TrackedAttempt attempt)
    {
        if (attempt.End is { } end)
            _agent.Send(new() { Ended = end });
        else if (attempt.Job is { } job)
            Announced(attempt, job);
    }

    public void Dispose()
    {
        _terminalListener?.Dispose();
        _spawner.Dispose();
        _profiles.Dispose();
        _orphans.Dispose();
        Cgroups.Dispose();
        Ports.Dispose();
        Logs.Dispose();
    }
}
