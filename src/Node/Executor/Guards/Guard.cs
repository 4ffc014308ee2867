using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Guards;

/// <summary>
/// A process beside the executor that outlives it: no job may live on without an executor that can
/// fence it, whether or not a next one is ever started. It sees its executor's death by a pipe that
/// nobody else has.
/// </summary>
internal sealed class Guard(HomePaths home, ExecutorLog log) : IDisposable
{
    /// <summary>What tells the program that it is to be one; followed by the home.</summary>
    public const string Option = "--guard";

    // One that ends sooner than that would only end again.
    private const long ShortLifeMs = 1_000;

    private readonly Spawner _spawner = new();

    /// <summary>Null: none runs.</summary>
    private (int Pid, int Line, long Since)? _running;

    /// <summary>True: it runs.</summary>
    /// <param name="now">Ms, here and below.</param>
    public bool Start(long now)
    {
        if (
            Environment.ProcessPath is not { } program
            || Libc.Pipe(out var read, out var line) != 0
        )
            return false;
        var process = _spawner.Spawn(
            new SpawnRequest(
                program,
                [program, Option, home.Home],
                [.. NodeKeeper.OwnEnvironment()],
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
            _running = (process.Pid, line, now);
            return true;
        }
        _ = Libc.close(line);
        log.Write($"there is no guard: it cannot be started (error {process.Error})");
        return false;
    }

    /// <summary>A child ended; true: it was the guard, which is started again.</summary>
    /// <param name="added">There is one more child.</param>
    public bool Ended(in ChildExit exit, long now, Action added)
    {
        if (_running is not { } running || exit.Pid != running.Pid)
            return false;
        _running = null;
        _ = Libc.close(running.Line);
        log.Write($"the guard, pid {exit.Pid}, ended");
        if (now - running.Since > ShortLifeMs && Start(now))
            added();
        return true;
    }

    /// <summary>Lets it go: nothing of this executor lives any more.</summary>
    public unsafe void Dispose()
    {
        var word = GuardDuty.AllIsWell;
        if (_running is { Line: var line })
        {
            _ = Libc.write(line, &word, 1);
            _ = Libc.close(line);
        }
        _spawner.Dispose();
    }
}
