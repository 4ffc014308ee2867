using System.Collections;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Nodes;

/// <summary>Supervises jobcloud-node as its parent: starts it, restarts it when it dies, and stops
/// it.</summary>
/// <param name="nodeArguments">Further arguments for it.</param>
/// <param name="started">Called when a node was started, to record it.</param>
/// <param name="refused">Called with the exit code when the node refuses to run.</param>
internal sealed class NodeSupervisor(
    HomePaths home,
    IReadOnlyList<string> nodeArguments,
    ExecutorLimits limits,
    EventLoop loop,
    ExecutorLog log,
    Action<SpawnResult> started,
    Action<int> refused
) : IDisposable
{
    /// <summary>Delays before the restart of a node that died soon after its start, ms.</summary>
    private const long RestartFirstMs = 100,
        RestartMaxMs = 10_000;

    private readonly Spawner _spawner = new();
    private readonly List<string> _environment = [.. OwnEnvironment()];
    private RestartDelay _delay;
    private bool _wanted;
    private bool _served;
    private readonly bool _servedBefore = File.Exists(home.ExecutorLimits);
    private Action<Moment>? _stopped;

    /// <summary>Null: no node is running.</summary>
    private (int Pid, long Since)? _running;

    /// <summary>The socket of the running node once it was seen.</summary>
    private SocketFile? _socket;

    /// <summary>The running node; 0: none.</summary>
    public int Pid => _running?.Pid ?? 0;

    /// <summary>Starts the node unless it is running.</summary>
    /// <param name="now">The time in ms, here and below.</param>
    public void Start(long now)
    {
        _wanted = true;
        if (_running is not null)
            return;
        if (NodeExecutable.Find(AppContext.BaseDirectory) is not { } program)
        {
            log.Write($"jobcloud-node was not found next to {AppContext.BaseDirectory}");
            refused(ExecutorExitCodes.Failure);
            return;
        }
        ExecutorLog.SetAsideWhenLong(home.NodeLog, limits.LogLimitBytes);
        // A killed node leaves its socket.
        _ = Libc.unlink(home.GatewaySocket);
        var process = _spawner.Spawn(
            new SpawnRequest(
                program[0],
                [.. program, "--home", home.Home, .. nodeArguments],
                _environment,
                home.Home,
                "/dev/null",
                home.NodeLog,
                home.NodeLog,
                KeepOutput: true,
                Share: OomShare.Node
            )
        );
        if (process.Error != 0)
        {
            log.Write($"{program[0]} cannot be started (errno {process.Error})");
            ScheduleRestart(0, now);
            return;
        }
        (_running, _socket) = ((process.Pid, now), null);
        log.Write($"jobcloud-node started, pid {process.Pid}");
        started(process);
    }

    /// <summary>Stops the node and calls <paramref name="then"/> once it has exited. A repeated
    /// call can only speed this up.</summary>
    /// <param name="handOver">Whether the node first hands its jobs over to other nodes.</param>
    public void Stop(bool handOver, Moment now, Action<Moment> then)
    {
        _wanted = false;
        if (_running is not { Pid: var pid })
        {
            then(now);
            return;
        }
        _stopped += then;
        // An earlier version of the node treats SIGINT like SIGTERM.
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

    /// <summary>Restarts a node whose socket somebody removed, because no client reaches it any
    /// more; its jobs continue. A node that ends removes its socket itself.</summary>
    public void RestartUnlessReachable(Moment now)
    {
        if (_running is not { Pid: var pid } || !_wanted)
            return;
        var there = SocketFile.Of(home.GatewaySocket);
        if (_socket is null && there.Inode != 0)
        {
            _socket = there;
            log.Write($"jobcloud-node, pid {pid}, serves {home.GatewaySocket}");
        }
        if (_socket is null || _socket == there)
            return;
        log.Write($"the socket {home.GatewaySocket} is gone: restarting jobcloud-node, pid {pid}");
        Stop(handOver: false, now, later => Start(later.Ms));
    }

    /// <summary>Records that a node has connected to this executor. From now on a node that refuses
    /// to run (for example because its store is unavailable) is restarted anyway, because it has
    /// jobs to adopt.</summary>
    public void NodeConnected() => _served = true;

    /// <summary>Handles the exit of a child; true: it was the node.</summary>
    public bool Ended(in ChildExit exit, Moment now)
    {
        if (_running is not { } running || exit.Pid != running.Pid)
            return false;
        _running = null;
        log.Write(
            exit.Signal != 0
                ? $"jobcloud-node, pid {exit.Pid}, was killed by signal {exit.Signal}"
                : $"jobcloud-node, pid {exit.Pid}, exited with status {exit.Code}"
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
            ScheduleRestart(now.Ms - running.Since, now.Ms);
        return true;
    }

    public void Dispose() => _spawner.Dispose();

    // A refusal is not final where a node has worked before: its store or the other nodes may be
    // temporarily unavailable.
    private bool IsFinal(int code) =>
        code switch
        {
            ExecutorExitCodes.NeedsRepair => true,
            ExecutorExitCodes.Settings => !_served,
            ExecutorExitCodes.Refused => !_served && !_servedBefore,
            _ => false,
        };

    private void ScheduleRestart(long uptimeMs, long now)
    {
        var wait = _delay.Current;
        _delay = _delay.After(uptimeMs, RestartFirstMs, RestartMaxMs);
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

    /// <summary>The executor's environment, for processes that it starts besides the
    /// jobs.</summary>
    public static IEnumerable<string> OwnEnvironment()
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            // A node started from within a job does not belong to that job.
            if ((string)variable.Key != JobMark.VariableName)
                yield return $"{variable.Key}={variable.Value}";
        }
    }
}
