using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Guards;

/// <summary>The guard process. It outlives the executor, kills its jobs, because no job may run
/// without an executor that can fence it, and starts the next executor. It detects the executor's
/// death by a pipe that only the executor holds open.</summary>
internal sealed class Guard(
    HomePaths home,
    ExecutorArguments arguments,
    EventLoop loop,
    ExecutorLog log
) : IDisposable
{
    /// <summary>The option that starts the program as a guard; followed by the executor's
    /// arguments.</summary>
    public const string Option = "--guard";

    /// <summary>Delays before the restart of a guard that died soon after its start, ms.</summary>
    private const long RestartFirstMs = 100,
        RestartMaxMs = 10_000;

    private readonly Spawner _spawner = new();
    private RestartDelay _delay;

    /// <summary>Null: no guard is running.</summary>
    private (int Pid, int Line, long Since)? _running;

    /// <summary>The guard that was started last.</summary>
    private RecordedNode? _last;

    /// <summary>Called when a further guard was started, to record it.</summary>
    public Action<SpawnResult> Restarted { get; set; } = static _ => { };

    /// <summary>The running guard; 0: none.</summary>
    public int Pid => _running?.Pid ?? 0;

    /// <summary>Its entry in the record, if it was started.</summary>
    public IEnumerable<RecordEntry> Entries() =>
        _last is null ? [] : [new RecordEntry { Guard = _last }];

    /// <summary>Starts the guard, and again later if that fails.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public void Start(long now)
    {
        if (!TryStart(now))
            ScheduleRestart(uptimeMs: 0, now);
    }

    /// <summary>Handles the exit of a child; true: it was the guard, which is then
    /// restarted.</summary>
    public bool Ended(in ChildExit exit, long now)
    {
        if (_running is not { } running || exit.Pid != running.Pid)
            return false;
        _running = null;
        _ = Libc.close(running.Line);
        log.Write($"the guard, pid {exit.Pid}, exited");
        ScheduleRestart(now - running.Since, now);
        return true;
    }

    /// <summary>Dismisses the guard; this executor has no live jobs any more.</summary>
    public unsafe void Dispose()
    {
        var word = GuardProgram.NormalExit;
        if (_running is { } running)
        {
            _ = Libc.write(running.Line, &word, 1);
            _ = Libc.close(running.Line);
            // A stopped guard would never read the word.
            _ = Libc.kill(running.Pid, Libc.SIGCONT);
        }
        _spawner.Dispose();
    }

    private bool TryStart(long now)
    {
        if (
            Environment.ProcessPath is not { } program
            || Libc.Pipe(out var read, out var line) != 0
        )
            return false;
        var process = _spawner.Spawn(
            new SpawnRequest(
                program,
                [program, Option, .. arguments.Words()],
                [.. NodeSupervisor.OwnEnvironment()],
                home.Home,
                "/dev/null",
                home.ExecutorLog,
                home.ExecutorLog,
                KeepOutput: true,
                Channels: new(Stdin: read),
                Share: OomShare.Executor
            )
        );
        _ = Libc.close(read);
        if (process.Error == 0)
        {
            _running = (process.Pid, line, now);
            _last = ExecutorRecord.NodeOf(process);
            Restarted(process);
            return true;
        }
        _ = Libc.close(line);
        log.Write($"no guard is running: it could not be started (errno {process.Error})");
        return false;
    }

    private void ScheduleRestart(long uptimeMs, long now)
    {
        _delay = _delay.After(uptimeMs, RestartFirstMs, RestartMaxMs);
        loop.At(now + _delay.Current, later => Start(later.Ms));
    }
}
