using System.Runtime.InteropServices;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The program: reads the settings, runs a node until a signal stops it, and returns the
/// exit code.</summary>
internal static partial class NodeProgram
{
    private const uint PrivateMask = 0x3F; // 077

    /// <summary>Makes files that this process creates from now on private to its user
    /// (umask(2)).</summary>
    public static void KeepFilesPrivate() => SetFileModeMask(PrivateMask);

    /// <param name="output">Receives the log.</param>
    /// <param name="error">Receives the reason if the node does not start.</param>
    /// <returns>The exit code; see <see cref="NodeExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        TextWriter output,
        TextWriter error
    )
    {
        try
        {
            var settings = SettingsOf(HoconLoader.Load(arguments, environment));
            var level = Enum.Parse<LogLevel>(settings.LogLevel, ignoreCase: true);
            var file = RotatingOutput.Of(
                settings.Paths.NodeLog,
                settings.Agent.Limits.LogLimitBytes
            );
            var log = new NodeLog(
                file ?? output,
                level,
                TimeProvider.System,
                settings.LogStrangersMax
            );
            return await RunAsync(settings, log);
        }
        catch (SettingsException e)
        {
            await error.WriteLineAsync("Invalid settings:");
            foreach (var found in e.Errors)
                await error.WriteLineAsync($"  {found.Message}");
            return NodeExitCodes.Usage;
        }
        catch (CannotStartException e)
        {
            await error.WriteLineAsync(e.Message);
            return e.NeedsRepair ? NodeExitCodes.NeedsRepair : NodeExitCodes.Refused;
        }
    }

    /// <summary>The home tells the name that the node had last.</summary>
    public static NodeSettings SettingsOf(LoadedSettings loaded)
    {
        var host = HostResources.OfThisHost();
        var settings = NodeSettings.Read(loaded, host);
        return NodeNameFile.Read(settings.Paths) is { } names
            ? NodeSettings.Read(loaded, host with { Names = names })
            : settings;
    }

    private static async Task<int> RunAsync(NodeSettings settings, NodeLog log)
    {
        using var stopping = new CancellationTokenSource();
        using var hurry = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hurry);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        try
        {
            await using var node = await NodeHost.StartAsync(settings, log, stopping.Token);
            await using var onStop = stopping.Token.Register(() =>
                _ = node.LeaveAsync(hurry.Token)
            );
            return await node.Ended;
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            return NodeExitCodes.Success;
        }
        catch (StartInterruptedException e)
        {
            log.Write(LogLevel.Error, "node", e.Message);
            return NodeExitCodes.Unexpected;
        }
        catch (Exception e) when (e is not CannotStartException)
        {
            log.Write(LogLevel.Error, "node", "The node failed and is stopping.", e);
            return NodeExitCodes.Unexpected;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }

        // SIGTERM does not wait for the jobs: its sender takes care of them or kills them.
        void Hurry(PosixSignalContext signal)
        {
            hurry.Cancel();
            End(signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetFileModeMask(uint mask);
}
