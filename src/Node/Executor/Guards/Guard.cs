using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Guards;

/// <summary>The guard process. It outlives the executor and kills its jobs, because no job may run
/// without an executor that can fence it, whether or not a next executor starts. It detects the
/// executor's death by a pipe that only the executor holds open.</summary>
internal sealed class Guard(HomePaths home, ExecutorLog log) : IDisposable
{
    /// <summary>The option that starts the program as a guard; followed by the home.</summary>
    public const string Option = "--guard";

    // A guard that ends sooner is not restarted: it would only end again.
    private const long ShortLifeMs = 1_000;

    private readonly Spawner _spawner = new();

    /// <summary>Null: no guard is running.</summary>
    private (int Pid, int Line, long Since)? _running;

    /// <summary>Starts the guard; false: failed.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public bool Start(long now)
    {
        if (
            Environment.ProcessPath is not { } program
            || Libc.Pipe(out var read, out var pipe) != 0
        )
            return false;
        var process = _spawner.Spawn(
            new SpawnRequest(
                program,
                [program, Option, home.Home],
                [.. NodeSupervisor.OwnEnvironment()],
                home.Home,
                "/dev/null",
                home.ExecutorLog,
                home.ExecutorLog,
                KeepOutput: true,
                Channels: new(Stdin: read)
            )
        );
        _ = Libc.close(read);
        if (process.Error == 0)
        {
            _running = (process.Pid, pipe, now);
            return true;
        }
        _ = Libc.close(pipe);
        log.Write($"no guard is running: it could not be started (errno {process.Error})");
        return false;
    }

    /// <summary>Handles the exit of a child; true: it was the guard, which is then
    /// restarted.</summary>
    /// <param name="added">Called after a new child was started.</param>
    public bool Ended(in ChildExit exit, long now, Action added)
    {
        if (_running is not { } running || exit.Pid != running.Pid)
            return false;
        _running = null;
        _ = Libc.close(running.Line);
        log.Write($"the guard, pid {exit.Pid}, exited");
        if (now - running.Since > ShortLifeMs && Start(now))
            added();
        return true;
    }

    /// <summary>Dismisses the guard; this executor has no live jobs any more.</summary>
    public unsafe void Dispose()
    {
        var word = GuardProgram.NormalExit;
        if (_running is { Line: var pipe })
        {
            _ = Libc.write(pipe, &word, 1);
            _ = Libc.close(pipe);
        }
        _spawner.Dispose();
    }
}
