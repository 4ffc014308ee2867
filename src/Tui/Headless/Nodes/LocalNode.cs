using System.Globalization;
using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Nodes;

/// <summary>The node of this machine, as a daemon: started, asked, stopped.</summary>
internal static class LocalNode
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);
    private const int LogLines = 10;

    /// <summary>The executor's command line for this home.</summary>
    public static string[] CommandLine(
        ClientSettings settings,
        string[] nodeArgs,
        Terminal terminal
    )
    {
        var executor =
            terminal.Find(JobCloudProgram.Executor)
            ?? throw new TroubleException(
                Trouble.Unavailable(
                    $"There is no {JobCloudProgram.Executor} in {terminal.Programs}; "
                        + "install it beside jobcloud, or name a running node with --server."
                )
            );
        return [executor, "--home", settings.Home.Value, .. nodeArgs];
    }

    /// <summary>Makes the folders that the executor's log goes to, for this user alone.</summary>
    public static void Prepare(HomePaths paths)
    {
        const UnixFileMode Own =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(paths.Home, Own);
        Directory.CreateDirectory(paths.Log, Own);
    }

    /// <summary>Whether the executor of this home lives, be its node ready or not.</summary>
    public static bool IsStarted(HomePaths paths) => LockHolder(paths) is not null;

    /// <summary>
    /// Starts the node, unless it is being started, and returns once it is ready. Started twice at
    /// once, the executor's own lock lets one of them through, and both wait for that one.
    /// </summary>
    /// <exception cref="TroubleException">It did not become ready.</exception>
    public static Task<NodeStatusReply> StartAsync(
        ClientSettings settings,
        string[] nodeArgs,
        Terminal terminal
    )
    {
        if (LockHolder(settings.Paths) is { } executor)
            return WaitUntilReadyAsync(settings, executor, wake: true, terminal);
        var command = CommandLine(settings, nodeArgs, terminal);
        try
        {
            Prepare(settings.Paths);
            var pid = Posix.StartDetached(command, settings.Home.Value, settings.Paths.ExecutorLog);
            return WaitUntilReadyAsync(settings, pid, wake: false, terminal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TroubleException(
                Trouble.Unavailable($"The node could not be started: {failure.Message}.")
            );
        }
    }

    /// <param name="wake">Its node may have been stopped while its jobs ran on.</param>
    private static async Task<NodeStatusReply> WaitUntilReadyAsync(
        ClientSettings settings,
        int executor,
        bool wake,
        Terminal terminal
    )
    {
        var began = terminal.Clock.GetTimestamp();
        var dots = 0;
        TimeSpan? ready = null;
        while (true)
        {
            var elapsed = terminal.Clock.GetElapsedTime(began);
            if (await TryAskAsync(settings, terminal) is { Ready: true } status)
            {
                ready ??= elapsed;
                // The executor says hello a moment later.
                if (status.ExecutorPid > 0 || elapsed - ready > QuietFor)
                {
                    if (dots > 0)
                        terminal.Error.WriteLine();
                    return status;
                }
            }
            if (elapsed > StartLimit)
                throw NotStarted(settings, $"was not ready after {StartLimit.TotalSeconds:F0} s");
            // An executor that is only just starting would be ended by the signal.
            if (wake && Posix.IsAlive(executor) && Posix.Catches(executor, Posix.SignalUser2))
                wake = !Posix.Signal(executor, Posix.SignalUser2);
            if (!Posix.IsAlive(executor) && !IsStarted(settings.Paths))
                throw NotStarted(settings, "ended while it started");
            if (terminal.ErrorIsTerminal && elapsed > QuietFor * (dots + 1))
            {
                terminal.Error.Write('.');
                dots++;
            }
            await Task.Delay(Pause, terminal.Clock);
        }
    }

    /// <summary>What the node of this home says of itself; null while it does not answer.</summary>
    public static async Task<NodeStatusReply?> TryAskAsync(
        ClientSettings settings,
        Terminal terminal
    )
    {
        using var connection = Connector.TryConnect(settings, terminal, patient: false);
        if (connection is null)
            return null;
        try
        {
            var limit = connection.Stream().WithDeadline(DateTime.UtcNow + AskLimit);
            return await connection.Api.NodeStatusAsync(new NodeStatusRequest(), limit);
        }
        catch (RpcException)
        {
            // Whatever went wrong: a node that ends while it is asked breaks off in many ways.
            return null;
        }
    }

    /// <summary>
    /// Ends the executor of this home, and with it the node and its jobs; or, where they are kept,
    /// the node alone. False where none runs.
    /// </summary>
    /// <exception cref="TroubleException">It would not end.</exception>
    public static async Task<bool> StopAsync(
        ClientSettings settings,
        NodeStop how,
        Terminal terminal
    )
    {
        if (LockHolder(settings.Paths) is not { } pid)
            return false;
        var status = how == NodeStop.Now ? null : await TryAskAsync(settings, terminal);
        var wait = TimeSpan.FromMilliseconds(
            how == NodeStop.HandOver ? status?.StopWaitMs ?? 0 : 0
        );
        Posix.Signal(pid, SignalOf(how));
        if (how == NodeStop.KeepJobs && status is { FenceAfterMs: > 0 and var fence })
            terminal.Error.WriteLine(
                $"Its jobs run on for {fence / 1000.0:0.#} s without it: start it again before, or they are "
                    + "killed and run elsewhere."
            );
        var (began, told) = (terminal.Clock.GetTimestamp(), wait == TimeSpan.Zero);
        while (how == NodeStop.KeepJobs ? Answers(settings.Paths) : Posix.IsAlive(pid))
        {
            var elapsed = terminal.Clock.GetElapsedTime(began);
            if (elapsed > StopLimit + wait)
            {
                throw new TroubleException(
                    Trouble.Timeout(
                        $"The node (executor {pid}) has not stopped within "
                            + $"{(StopLimit + wait).TotalSeconds:F0} s; see {settings.Paths.NodeLog}."
                    )
                );
            }
            if (!told && elapsed > QuietFor)
            {
                told = true;
                terminal.Error.WriteLine(
                    $"Its jobs may run on for {wait.TotalSeconds:F0} s, and are then moved to other nodes; "
                        + "'jobcloud node stop --now' does not wait."
                );
            }
            await Task.Delay(Pause, terminal.Clock);
        }
        return true;
    }

    private static int SignalOf(NodeStop how) =>
        how switch
        {
            NodeStop.KeepJobs => Posix.SignalUser1,
            NodeStop.Now => Posix.SignalQuit,
            _ => Posix.SignalTerminate,
        };

    private static bool Answers(HomePaths paths)
    {
        using var socket = CloudConnection.TryConnect(paths.GatewaySocket);
        return socket is not null;
    }

    /// <summary>The pid of the living executor of this home.</summary>
    private static int? LockHolder(HomePaths paths)
    {
        try
        {
            var text = File.ReadAllText(paths.ExecutorLock).Trim();
            return int.TryParse(text, CultureInfo.InvariantCulture, out var pid) && IsExecutor(pid)
                ? pid
                : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The lock's file outlives its executor, and pids are given out again.</summary>
    private static bool IsExecutor(int pid)
    {
        // The kernel keeps 15 characters of a name: proc_pid_comm(5).
        var name = File.ReadAllText($"/proc/{pid}/comm").Trim();
        return name.Length > 0
            && JobCloudProgram.Executor.File.StartsWith(name, StringComparison.Ordinal)
            && Posix.IsAlive(pid);
    }

    /// <summary>Shows the end of the log that was written to last.</summary>
    private static TroubleException NotStarted(ClientSettings settings, string what)
    {
        var paths = settings.Paths;
        // The executor has the last word; what the node said just before is the reason.
        var since = File.GetLastWriteTimeUtc(paths.ExecutorLog) - QuietFor;
        var log =
            File.GetLastWriteTimeUtc(paths.NodeLog) >= since ? paths.NodeLog : paths.ExecutorLog;
        return new(
            Trouble.Unavailable($"The node {what}; the end of {log}:\n{LastLines(log)}".TrimEnd())
        );
    }

    private static string LastLines(string path)
    {
        try
        {
            return string.Join('\n', File.ReadLines(path).TakeLast(LogLines));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}
