using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Guards;

/// <summary>
/// A process beside the executor that outlives it: no job may live on without an executor that can fence it,
/// whether or not a next one is ever started. It sees its executor's death by a pipe that nobody else has.
/// </summary>
internal sealed class Guard(HomePaths home, ExecutorLog log) : IDisposable
{
    /// <summary>What tells the program that it is to be one; followed by the home.</summary>
    public const string Option = "--guard";

    // One that ends sooner than that would only end again.
    private const long ShortLifeMs = 1_000;

    private readonly Spawner _spawner = new();
    private int _line;
    private int _pid;
    private long _startedAt;

    /// <summary>True: it runs.</summary>
    public bool Start()
    {
        if (Environment.ProcessPath is not { } program || Libc.Pipe(out var read, out _line) != 0)
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
        (_pid, _startedAt) = (process.Pid, Clock.NowMs());
        if (_pid == 0)
            log.Write($"there is no guard: it cannot be started (error {process.Error})");
        return _pid != 0;
    }

    /// <summary>A child ended; true: it was the guard, which is started again.</summary>
    /// <param name="added">There is one more child.</param>
    public bool Ended(in ChildExit exit, Action added)
    {
        if (_pid == 0 || exit.Pid != _pid)
            return false;
        _pid = 0;
        _ = Libc.close(_line);
        log.Write($"the guard, pid {exit.Pid}, ended");
        if (Clock.NowMs() - _startedAt > ShortLifeMs && Start())
            added();
        return true;
    }

    /// <summary>Lets it go: nothing of this executor lives any more.</summary>
    public unsafe void Dispose()
    {
        var word = GuardDuty.AllIsWell;
        if (_pid != 0)
        {
            _ = Libc.write(_line, &word, 1);
            _ = Libc.close(_line);
        }
        _spawner.Dispose();
    }
}
