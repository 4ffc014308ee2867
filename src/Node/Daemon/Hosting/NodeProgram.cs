using System.Runtime.InteropServices;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What the process does: read the settings, run a node until it is asked to end,
/// exit.</summary>
internal static partial class NodeProgram
{
    private const uint OthersNothing = 0x3F; // 077

    /// <summary>Lines a minute in the log of what strangers send to the port of the cluster; how
    /// many more there were is told with the next.</summary>
    private const int StrangerLines = 20;

    /// <summary>What this process makes from now on is for its user alone (umask(2)).</summary>
    public static void KeepFilesPrivate() => SetFileModeMask(OthersNothing);

    /// <param name="output">Takes the log.</param>
    /// <param name="error">Takes why the node does not start.</param>
    /// <returns>What the process should exit with: see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        TextWriter error
    )
    {
        try
        {
            var settings = NodeSettings.Read(
                HoconLoader.Load(arguments, environment),
                Machine.This()
            );
            var level = Enum.Parse<LogLevel>(settings.LogLevel, ignoreCase: true);
            var log = new NodeLog(output, level, TimeProvider.System, StrangerLines);
            return await RunAsync(settings, log);
        }
        catch (SettingsException e)
        {
            await error.WriteLineAsync("The settings cannot be used:");
            foreach (var trouble in e.Troubles)
                await error.WriteLineAsync($"  {trouble.Message}");
            return ExitCodes.Usage;
        }
        catch (CannotStartException e)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Refused;
        }
    }

    private static async Task<int> RunAsync(NodeSettings settings, NodeLog log)
    {
        using var ending = new CancellationTokenSource();
        using var hurry = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hurry);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        try
        {
            await using var node = await NodeHost.StartAsync(settings, log, ending.Token);
            await using var asked = ending.Token.Register(() => _ = node.LeaveAsync(hurry.Token));
            return await node.Ended;
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
        catch (Exception e) when (e is not CannotStartException)
        {
            log.Write(LogLevel.Error, "node", "The node cannot go on.", e);
            return ExitCodes.Unexpected;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }

        // The jobs are somebody else's to care for, or to be killed.
        void Hurry(PosixSignalContext signal)
        {
            hurry.Cancel();
            End(signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetFileModeMask(uint mask);
}
