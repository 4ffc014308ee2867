using JobCloud.Client.Connections;
using JobCloud.Client.Nodes;
using JobCloud.Client.Processes;
using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Nodes;

/// <summary>Stops the node on this machine, and prepares its next start.</summary>
internal static class LocalNode
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(1);

    /// <summary>Shows the user the progress of a start.</summary>
    public static StartNotices NoticesOf(CommandProcess terminal) =>
        new(
            terminal.Error.WriteLine,
            () => terminal.Error.Write(terminal.ErrorIsTerminal ? "." : ""),
            () => terminal.Error.Write(terminal.ErrorIsTerminal ? "\n" : "")
        );

    /// <summary>Tells the next node of this home what to do about its store.</summary>
    /// <param name="request">The path of the request.</param>
    /// <exception cref="CommandErrorException">The request cannot be written.</exception>
    public static void Request(HomePaths paths, string request)
    {
        try
        {
            Directory.CreateDirectory(paths.Home, NodeStart.Own);
            Directory.CreateDirectory(paths.Store, NodeStart.Own);
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
        if (NodeStart.LockHolder(settings.Paths) is not { } pid)
            return false;
        var status =
            how == NodeStopMode.Now
                ? null
                : await NodeStart.TryAskAsync(settings.Endpoint(terminal));
        var wait = TimeSpan.FromMilliseconds(
            how == NodeStopMode.HandOver ? status?.StopWaitMs ?? 0 : 0
        );
        NativeProcess.Signal(pid, SignalOf(how));
        if (how == NodeStopMode.KeepJobs && status is { FenceAfterMs: > 0 and var fence })
            terminal.Error.WriteLine(
                $"The jobs keep running for {fence / 1000.0:0.#} s; restart the node within that time, or they "
                    + "are killed and run elsewhere."
            );
        var (began, isReported) = (terminal.Clock.GetTimestamp(), wait == TimeSpan.Zero);
        while (how == NodeStopMode.KeepJobs ? Answers(settings.Paths) : NativeProcess.IsAlive(pid))
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
            NodeStopMode.KeepJobs => NativeProcess.SignalUser1,
            NodeStopMode.Now => NativeProcess.SignalQuit,
            _ => NativeProcess.SignalTerminate,
        };

    private static bool Answers(HomePaths paths)
    {
        using var socket = CloudConnection.TryConnect(paths.GatewaySocket);
        return socket is not null;
    }
}
