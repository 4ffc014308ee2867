using System.Globalization;
using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Nodes;

/// <summary>Starts, queries and stops the node on this machine.</summary>
internal static class LocalNode
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a node may refuse to start because of something that passes, such as an
    /// earlier node that is about to end.</summary>
    private static readonly TimeSpan RefusedLimit = TimeSpan.FromSeconds(5);

    /// <summary>A lock file with a pid is smaller, in bytes.</summary>
    private const int PidMax = 64;
    private const UnixFileMode Own =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The executor's command line for this home.</summary>
    public static string[] CommandLine(
        ClientSettings settings,
        string[] nodeArgs,
        CommandProcess terminal
    )
    {
        var executor =
            terminal.Find(JobCloudProgram.Executor)
            ?? throw new CommandErrorException(
                CommandError.Unavailable(
                    $"{JobCloudProgram.Executor} was not found in {terminal.Programs}; "
                        + "install it next to jobcloud or name a running node with --server."
                )
            );
        return [executor, "--home", settings.Home.Value, .. nodeArgs];
    }

    /// <summary>Creates the directories of the executor's log, which only this user can
    /// access.</summary>
    public static void Prepare(HomePaths paths)
    {
        Directory.CreateDirectory(paths.Home, Own);
        Directory.CreateDirectory(paths.Log, Own);
    }

    /// <summary>Tells the next node of this home what to do about its store.</summary>
    /// <param name="request">The path of the request.</param>
    /// <exception cref="CommandErrorException">The request cannot be written.</exception>
    public static void Request(HomePaths paths, string request)
    {
        try
        {
            Directory.CreateDirectory(paths.Home, Own);
            Directory.CreateDirectory(paths.Store, Own);
            File.WriteAllText(request, "");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandErrorException(
                CommandError.Unavailable(
                    $"The request {request} cannot be written: {failure.Message}"
                )
            );
        }
    }

    /// <summary>True if the executor of this home is running, even if its node is not
    /// ready.</summary>
    public static bool IsStarted(HomePaths paths) => LockHolder(paths) is not null;

    /// <summary>
    /// Starts the node unless it is already starting, and returns once it is ready. If two commands
    /// start it at the same time, the lock of the executor lets one of them continue, and both wait
    /// for that one.
    /// </summary>
    /// <exception cref="CommandErrorException">The node did not become ready.</exception>
    public static Task<NodeStatusReply> StartAsync(
        ClientSettings settings,
        string[] nodeArgs,
        CommandProcess terminal
    )
    {
        var logs = new StartLogs(settings.Paths);
        if (LockHolder(settings.Paths) is { } executor)
            return WaitUntilReadyAsync(settings, executor, wake: true, logs, terminal);
        var command = CommandLine(settings, nodeArgs, terminal);
        try
        {
            Prepare(settings.Paths);
            var pid = Posix.StartDetached(command, settings.Home.Value, settings.Paths.ExecutorLog);
            return WaitUntilReadyAsync(settings, pid, wake: false, logs, terminal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandErrorException(
                CommandError.Unavailable($"The node could not be started: {failure.Message}.")
            );
        }
    }

    /// <param name="wake">True if the node may have been stopped while its jobs kept
    /// running.</param>
    private static async Task<NodeStatusReply> WaitUntilReadyAsync(
        ClientSettings settings,
        int executor,
        bool wake,
        StartLogs logs,
        CommandProcess terminal
    )
    {
        var began = terminal.Clock.GetTimestamp();
        var dots = 0;
        TimeSpan? ready = null;
        TimeSpan? refused = null;
        while (true)
        {
            var elapsed = terminal.Clock.GetElapsedTime(began);
            if (await TryAskAsync(settings, terminal) is { Ready: true } status)
            {
                ready ??= elapsed;
                // The executor connects to its node a moment later.
                if (status.ExecutorPid > 0 || elapsed - ready > NoticeDelay)
                {
                    if (dots > 0)
                        terminal.Error.WriteLine();
                    return status;
                }
            }
            if (elapsed > StartLimit)
                throw NotStarted(logs, $"was not ready after {StartLimit.TotalSeconds:F0} s");
            if (logs.HasRefused && (refused ??= elapsed) + RefusedLimit < elapsed)
                throw NotStarted(logs, "refuses to start; its executor keeps trying");
            // The signal would terminate an executor that does not handle it yet.
            if (wake && Posix.IsAlive(executor) && Posix.HandlesSignal(executor, Posix.SignalUser2))
                wake = !Posix.Signal(executor, Posix.SignalUser2);
            if (!Posix.IsAlive(executor) && !IsStarted(settings.Paths))
                throw NotStarted(logs, "did not start");
            if (terminal.ErrorIsTerminal && elapsed > NoticeDelay * (dots + 1))
            {
                terminal.Error.Write('.');
                dots++;
            }
            await Task.Delay(Pause, terminal.Clock);
        }
    }

    /// <summary>The status of the node of this home; null if it does not answer.</summary>
    public static async Task<NodeStatusReply?> TryAskAsync(
        ClientSettings settings,
        CommandProcess terminal
    )
    {
        using var connection = Connector.TryConnect(settings, terminal, retry: false);
        if (connection is null)
            return null;
        try
        {
            var limit = connection.StreamOptions().WithDeadline(DateTime.UtcNow + AskLimit);
            return await connection.Api.NodeStatusAsync(new NodeStatusRequest(), limit);
        }
        catch (RpcException)
        {
            // Any failure counts: a node that exits during the call fails in many ways.
            return null;
        }
    }

    /// <summary>
    /// Stops the executor of this home, and with it the node and its jobs; with
    /// <see cref="NodeStopMode.KeepJobs"/>, stops only the node. Returns false if nothing is
    /// running.
    /// </summary>
    /// <exception cref="CommandErrorException">The node did not stop.</exception>
    public static async Task<bool> StopAsync(
        ClientSettings settings,
        NodeStopMode how,
        CommandProcess terminal
    )
    {
        if (LockHolder(settings.Paths) is not { } pid)
            return false;
        var status = how == NodeStopMode.Now ? null : await TryAskAsync(settings, terminal);
        var wait = TimeSpan.FromMilliseconds(
            how == NodeStopMode.HandOver ? status?.StopWaitMs ?? 0 : 0
        );
        Posix.Signal(pid, SignalOf(how));
        if (how == NodeStopMode.KeepJobs && status is { FenceAfterMs: > 0 and var fence })
            terminal.Error.WriteLine(
                $"The jobs keep running for {fence / 1000.0:0.#} s; restart the node within that time, or they "
                    + "are killed and run elsewhere."
            );
        var (began, isReported) = (terminal.Clock.GetTimestamp(), wait == TimeSpan.Zero);
        while (how == NodeStopMode.KeepJobs ? Answers(settings.Paths) : Posix.IsAlive(pid))
        {
            var elapsed = terminal.Clock.GetElapsedTime(began);
            if (elapsed > StopLimit + wait)
            {
                throw new CommandErrorException(
                    CommandError.Timeout(
                        $"The node (executor {pid}) did not stop within "
                            + $"{(StopLimit + wait).TotalSeconds:F0} s; see {settings.Paths.NodeLog}."
                            + StuckChildren.Of(pid)
                    )
                );
            }
            if (!isReported && elapsed > NoticeDelay)
            {
                isReported = true;
                terminal.Error.WriteLine(
                    $"Running jobs have {wait.TotalSeconds:F0} s to finish before they move to other nodes; "
                        + "use 'jobcloud node stop --now' to stop without waiting."
                );
            }
            await Task.Delay(Pause, terminal.Clock);
        }
        return true;
    }

    private static int SignalOf(NodeStopMode how) =>
        how switch
        {
            NodeStopMode.KeepJobs => Posix.SignalUser1,
            NodeStopMode.Now => Posix.SignalQuit,
            _ => Posix.SignalTerminate,
        };

    private static bool Answers(HomePaths paths)
    {
        using var socket = CloudConnection.TryConnect(paths.GatewaySocket);
        return socket is not null;
    }

    /// <summary>The pid of the running executor of this home.</summary>
    private static int? LockHolder(HomePaths paths)
    {
        try
        {
            // A pipe in its place has no length; reading it would wait for a writer.
            if (new FileInfo(paths.ExecutorLock) is not { Exists: true, Length: > 0 and < PidMax })
                return null;
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

    /// <summary>The lock file outlives its executor, and pids are reused.</summary>
    private static bool IsExecutor(int pid)
    {
        // The kernel keeps 15 characters of a name: proc_pid_comm(5).
        var name = File.ReadAllText($"/proc/{pid}/comm").Trim();
        return name.Length > 0
            && JobCloudProgram.Executor.File.StartsWith(name, StringComparison.Ordinal)
            && Posix.IsAlive(pid);
    }

    private static CommandErrorException NotStarted(StartLogs logs, string what) =>
        new(CommandError.Unavailable($"The node {what}{logs.Reason()}"));
}
