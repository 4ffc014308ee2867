using System.Globalization;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Client.Processes;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Client.Nodes;

/// <summary>Starts and queries the node of a home on this machine.</summary>
internal static class NodeStart
{
    /// <summary>Only this user can access a directory.</summary>
    public const UnixFileMode Own =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a node may refuse to start because of something that passes, such as an
    /// earlier node that is about to end.</summary>
    private static readonly TimeSpan RefusedLimit = TimeSpan.FromSeconds(5);

    /// <summary>A lock file with a pid is smaller, in bytes.</summary>
    private const int PidMax = 64;

    /// <summary>The executor's command line for this home.</summary>
    public static string[] CommandLine(Endpoint endpoint, string[] nodeArgs)
    {
        var executor =
            endpoint.Find(JobCloudProgram.Executor)
            ?? throw new ClientErrorException(
                ClientError.Unavailable(
                    $"{JobCloudProgram.Executor} was not found in {string.Join(" or ", endpoint.Programs)}; "
                        + $"install it next to jobcloud or name a running node with {endpoint.Names.Server}."
                )
            );
        return [executor, "--home", endpoint.Paths.Home, .. nodeArgs];
    }

    /// <summary>Creates the directories of the executor's log, which only this user can
    /// access.</summary>
    public static void Prepare(HomePaths paths)
    {
        Directory.CreateDirectory(paths.Home, Own);
        Directory.CreateDirectory(paths.Log, Own);
    }

    /// <summary>True if the executor of this home is running, even if its node is not
    /// ready.</summary>
    public static bool IsStarted(HomePaths paths) => LockHolder(paths) is not null;

    /// <summary>
    /// Starts the node unless it is already starting, and returns once it is ready. If two clients
    /// start it at the same time, the lock of the executor lets one of them continue, and both wait
    /// for that one.
    /// </summary>
    /// <exception cref="ClientErrorException">The node did not become ready.</exception>
    public static Task<NodeStatusReply> StartAsync(
        Endpoint endpoint,
        string[] nodeArgs,
        StartNotices notices,
        CancellationToken cancel = default
    )
    {
        var logs = new StartLogs(endpoint.Paths);
        if (LockHolder(endpoint.Paths) is { } executor)
            return WaitUntilReadyAsync(endpoint, executor, wake: true, logs, notices, cancel);
        var command = CommandLine(endpoint, nodeArgs);
        try
        {
            Prepare(endpoint.Paths);
            var pid = NativeProcess.StartDetached(
                command,
                endpoint.Paths.Home,
                endpoint.Paths.ExecutorLog
            );
            return WaitUntilReadyAsync(endpoint, pid, wake: false, logs, notices, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ClientErrorException(
                ClientError.Unavailable($"The node could not be started: {failure.Message}.")
            );
        }
    }

    /// <param name="wake">True if the node may have been stopped while its jobs kept
    /// running.</param>
    private static async Task<NodeStatusReply> WaitUntilReadyAsync(
        Endpoint endpoint,
        int executor,
        bool wake,
        StartLogs logs,
        StartNotices notices,
        CancellationToken cancel
    )
    {
        var began = endpoint.Clock.GetTimestamp();
        var seconds = 0;
        TimeSpan? ready = null;
        TimeSpan? refused = null;
        while (true)
        {
            var elapsed = endpoint.Clock.GetElapsedTime(began);
            if (await TryAskAsync(endpoint, cancel) is { Ready: true } status)
            {
                ready ??= elapsed;
                // The executor connects to its node a moment later.
                if (status.ExecutorPid > 0 || elapsed - ready > NoticeDelay)
                {
                    if (seconds > 0)
                        notices.Ready();
                    return status;
                }
            }
            if (elapsed > StartLimit)
                throw NotStarted(logs, $"was not ready after {StartLimit.TotalSeconds:F0} s");
            if (logs.HasRefused && (refused ??= elapsed) + RefusedLimit < elapsed)
                throw NotStarted(logs, "refuses to start; its executor keeps trying");
            // The signal would terminate an executor that does not handle it yet.
            if (
                wake
                && NativeProcess.IsAlive(executor)
                && NativeProcess.HandlesSignal(executor, NativeProcess.SignalUser2)
            )
                wake = !NativeProcess.Signal(executor, NativeProcess.SignalUser2);
            if (!NativeProcess.IsAlive(executor) && !IsStarted(endpoint.Paths))
                throw NotStarted(logs, "did not start");
            if (elapsed > NoticeDelay * (seconds + 1))
            {
                notices.StillWaits();
                seconds++;
            }
            await Task.Delay(Pause, endpoint.Clock, cancel);
        }
    }

    /// <summary>The status of the node of this home; null if it does not answer.</summary>
    public static async Task<NodeStatusReply?> TryAskAsync(
        Endpoint endpoint,
        CancellationToken cancel = default
    )
    {
        using var connection = await Connector.TryConnectAsync(endpoint, retry: false, cancel);
        if (connection is null)
            return null;
        try
        {
            var limit = connection.StreamOptions(cancel).WithDeadline(DateTime.UtcNow + AskLimit);
            return await connection.Api.NodeStatusAsync(new NodeStatusRequest(), limit);
        }
        catch (RpcException)
        {
            cancel.ThrowIfCancellationRequested();
            // Any failure counts: a node that exits during the call fails in many ways.
            return null;
        }
    }

    /// <summary>The pid of the running executor of this home.</summary>
    public static int? LockHolder(HomePaths paths)
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
            && NativeProcess.IsAlive(pid);
    }

    private static ClientErrorException NotStarted(StartLogs logs, string what) =>
        new(ClientError.Unavailable($"The node {what}{logs.Reason()}"));
}
