using System.Globalization;
using JobCloud.Node.Executor.Arguments;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Nodes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Records;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Guards;

/// <summary>The guard's program: waits for the executor's death, sweeps, and starts the next
/// executor; the <see cref="GuardMachine"/> decides.</summary>
internal sealed class GuardProgram : IDisposable
{
    private const int PauseMs = 5;

    /// <summary>Interval of the looks for the next executor, ms.</summary>
    private const int NextLookMs = 50;

    /// <summary>The byte that an executor sends before a normal exit.</summary>
    public const byte NormalExit = 1;

    private readonly ExecutorArguments _arguments;
    private readonly HomePaths _home;
    private readonly string _executor;
    private readonly Spawner _spawner = new();
    private int _child;

    private GuardProgram(ExecutorArguments arguments)
    {
        (_arguments, _home) = (arguments, new(arguments.Home));
        _executor = HomeFolders.Holder(_home);
    }

    /// <summary>Returns the process's exit code.</summary>
    public static int Serve(ExecutorArguments arguments)
    {
        using var guard = new GuardProgram(arguments);
        guard.Run();
        return ExecutorExitCodes.Success;
    }

    public void Dispose() => _spawner.Dispose();

    private void Run()
    {
        var machine = new GuardMachine(
            _arguments.WithNode,
            Clock.NowMs(),
            new(_arguments.RestartDelayMs)
        );
        while (true)
        {
            var isWatching = machine.StartAt is null;
            var executor = isWatching ? LookAtExecutor() : GuardedExecutor.Dead;
            machine = machine.Look(
                executor,
                executor == GuardedExecutor.Alive && ExecutorIsStopped(),
                isWatching || !_arguments.WithNode ? NextExecutor.None : LookForNext(),
                Clock.NowMs(),
                out var action
            );
            if (action == GuardAction.Leave)
                return;
            Perform(action, machine.Delay);
            if (machine.StartAt is not null)
                Thread.Sleep(NextLookMs);
        }
    }

    private void Perform(GuardAction action, RestartDelay delay)
    {
        switch (action)
        {
            case GuardAction.Continue:
                _ = Libc.kill(Number(_executor), Libc.SIGCONT);
                break;
            case GuardAction.Sweep:
                KillLeftovers();
                break;
            case GuardAction.StartExecutor:
                StartExecutor(delay);
                break;
        }
    }

    /// <summary>Waits for a word of the executor or for its death, until the next look.</summary>
    private static unsafe GuardedExecutor LookAtExecutor()
    {
        var line = new Libc.PollFd { Fd = 0, Events = Libc.POLLIN };
        if (Libc.poll(&line, 1, (int)StoppedWatch.LookMs) <= 0)
            return GuardedExecutor.Alive;
        byte word = 0;
        var read = Libc.read(0, &word, 1);
        if (read < 0 && Libc.Errno == Libc.EINTR)
            return GuardedExecutor.Alive;
        return read == 1 && word == NormalExit
            ? GuardedExecutor.EndedInOrder
            : GuardedExecutor.Dead;
    }

    private bool ExecutorIsStopped() => ProcessStat.Read(Number(_executor)) is { IsStopped: true };

    private NextExecutor LookForNext()
    {
        Reap();
        if (UnixAddress.IsListening(_home.ExecutorSocket))
            return NextExecutor.Listening;
        if (_child > 0)
            return NextExecutor.Starting;
        using var locked = ExecutorLock.TryTake(_home, out _);
        return locked is null ? NextExecutor.Starting : NextExecutor.None;
    }

    private unsafe void Reap()
    {
        int status;
        Libc.ResourceUsage usage;
        if (_child > 0 && Libc.wait4(_child, &status, Libc.WNOHANG, &usage) != 0)
            _child = 0;
    }

    private void StartExecutor(RestartDelay delay)
    {
        var program = Environment.ProcessPath ?? "";
        var next = _arguments with { Foreground = false, RestartDelayMs = delay.Current };
        var process = _spawner.Spawn(
            new SpawnRequest(
                program,
                [program, .. next.Words()],
                [.. NodeSupervisor.OwnEnvironment()],
                _home.Home,
                "/dev/null",
                _home.ExecutorLog,
                _home.ExecutorLog,
                KeepOutput: true,
                Share: OomShare.Executor
            )
        );
        _child = process.Pid;
    }

    /// <summary>Kills the processes of the dead executor's jobs, unless a next executor holds the
    /// lock: that one sweeps before anything else.</summary>
    private void KillLeftovers()
    {
        using var locked = TakeLock(HomeFolders.KillTimeoutMs);
        if (locked is null)
            return;
        var tidied = RunFolder.Tidy(_home);
        var limits = LimitsFile.Load(_home, out _);
        using var log = new ExecutorLog(_home.ExecutorLog, limits.LogLimitBytes);
        tidied.ForEach(log.Write);
        // The next executor stops the node, or is started by it.
        var left = ExecutorRecord.Read(_home, log) with
        {
            Node = null,
        };
        var killed = Sweep.KillLeftovers(left, Boot.Id(), _home.Home, limits, log);
        log.Write($"the executor died; the guard killed {killed} job processes");
        if (!JobCgroups.Sweep(_home, log))
            log.Write("cannot remove the cgroups of jobs");
    }

    private ExecutorLock? TakeLock(long withinMs)
    {
        // The kernel may close the pipe of a dying process before it releases its lock.
        var deadline = Clock.NowMs() + withinMs;
        while (true)
        {
            if (ExecutorLock.TryTake(_home, out _) is { } locked)
                return locked;
            var holder = HomeFolders.Holder(_home);
            // A corrupt lock file names no process.
            var isOther = Number(holder) > 0 && holder != _executor;
            if (isOther || Clock.NowMs() >= deadline)
                return null;
            Thread.Sleep(PauseMs);
        }
    }

    private static int Number(string pid) =>
        int.TryParse(pid, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
