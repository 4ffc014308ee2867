using System.Collections;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Nodes;

/// <summary>Parent of jobcloud-node: starts it, starts it again when it dies, and stops
/// it.</summary>
/// <param name="nodeArguments">Words handed on to it.</param>
/// <param name="started">A node was started: record it.</param>
/// <param name="refused">The node will not run, and says so by this exit code.</param>
internal sealed class NodeKeeper(
    HomePaths home,
    IReadOnlyList<string> nodeArguments,
    ExecutorLimits limits,
    EventLoop loop,
    ExecutorLog log,
    Action<Spawned> started,
    Action<int> refused
) : IDisposable
{
    /// <summary>Waits before a node that died young is started again, ms.</summary>
    private const long RestartFirstMs = 100,
        RestartMaxMs = 10_000;

    private readonly Spawner _spawner = new();
    private readonly List<string> _environment = [.. OwnEnvironment()];
    private RestartDelay _delay;
    private bool _wanted;
    private bool _served;
    private readonly bool _servedBefore = File.Exists(home.ExecutorLimits);
    private Action<Moment>? _stopped;

    /// <summary>Null: none runs.</summary>
    private (int Pid, long Since)? _running;

    /// <summary>Starts it, unless it runs.</summary>
    /// <param name="now">Ms, here and below.</param>
    public void Start(long now)
    {
        _wanted = true;
        if (_running is not null)
            return;
        if (NodeProgram.Find(AppContext.BaseDirectory) is not { } program)
        {
            log.Write($"jobcloud-node was not found beside {AppContext.BaseDirectory}");
            refused(ExitCodes.Failure);
            return;
        }
        ExecutorLog.SetAsideWhenLong(home.NodeLog, limits.LogLimitBytes);
        var process = _spawner.Spawn(
            new SpawnRequest(
                program[0],
                [.. program, "--home", home.Home, .. nodeArguments],
                _environment,
                home.Home,
                "/dev/null",
                home.NodeLog,
                home.NodeLog,
                KeepOutput: true
            )
        );
        if (process.Error != 0)
        {
            log.Write($"{program[0]} cannot be started (error {process.Error})");
            StartAgainAfter(0, now);
            return;
        }
        _running = (process.Pid, now);
        log.Write($"jobcloud-node started, pid {process.Pid}");
        started(process);
    }

    /// <summary>Stops it, and does <paramref name="then"/> once it is gone. Asked again, it may
    /// only get quicker.</summary>
    /// <param name="handOver">A node of several first has its jobs run elsewhere.</param>
    public void Stop(bool handOver, Moment now, Action<Moment> then)
    {
        _wanted = false;
        if (_running is not { Pid: var pid })
        {
            then(now);
            return;
        }
        _stopped += then;
        // A node of an earlier version takes either as the latter.
        _ = Libc.kill(pid, handOver ? Libc.SIGINT : Libc.SIGTERM);
        loop.At(
            now.Ms + limits.NodeStopMs + (handOver ? limits.NodeDrainMs : 0),
            later =>
            {
                if (_running?.Pid == pid && !_wanted)
                    _ = Libc.kill(pid, Libc.SIGKILL);
            }
        );
    }

    /// <summary>A node of this executor is at work: one that is refused from now on (its store is
    /// away, say) is started again all the same, as there are jobs that it is to take
    /// back.</summary>
    public void Served() => _served = true;

    /// <summary>A child ended; true: it was the node.</summary>
    public bool Ended(in ChildExit exit, Moment now)
    {
        if (_running is not { } running || exit.Pid != running.Pid)
            return false;
        _running = null;
        log.Write(
            exit.Signal != 0
                ? $"jobcloud-node, pid {exit.Pid}, ended by signal {exit.Signal}"
                : $"jobcloud-node, pid {exit.Pid}, ended with exit status {exit.Code}"
        );
        var stopped = _stopped;
        _stopped = null;
        stopped?.Invoke(now);
        if (!_wanted)
            return true;
        if (exit.Signal == 0 && IsFinal(exit.Code))
        {
            _wanted = false;
            refused(exit.Code);
        }
        else
            StartAgainAfter(now.Ms - running.Since, now.Ms);
        return true;
    }

    public void Dispose() => _spawner.Dispose();

    // Where a node was at work before, its store is away for a while, or the others are.
    private bool IsFinal(int code) =>
        !_served && (code == ExitCodes.Settings || (code == ExitCodes.Refused && !_servedBefore));

    private void StartAgainAfter(long lived, long now)
    {
        var wait = _delay.Current;
        _delay = _delay.After(lived, RestartFirstMs, RestartMaxMs);
        if (_delay.Current == 0)
            wait = 0;
        loop.At(
            now + wait,
            later =>
            {
                if (_wanted)
                    Start(later.Ms);
            }
        );
    }

    /// <summary>This process's own, for those that it starts beside the jobs.</summary>
    public static IEnumerable<string> OwnEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            // A node started from within a job is not that job's.
            if ((string)variable.Key != ProcessMark.VariableName)
                yield return $"{variable.Key}={variable.Value}";
        }
    }
}
