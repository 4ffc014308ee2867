using System.Collections;
using System.Runtime.InteropServices;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What the process does: read the settings, run a node until it is asked to end, exit.</summary>
public static class NodeProgram
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        try
        {
            var settings = NodeSettings.Read(
                HoconLoader.Load(arguments, ReadEnvironment()),
                Machine.This()
            );
            var level = Enum.Parse<LogLevel>(settings.LogLevel, ignoreCase: true);
            return await RunAsync(settings, new NodeLog(Console.Out, level, TimeProvider.System));
        }
        catch (SettingsException e)
        {
            Console.Error.WriteLine("The settings cannot be used:");
            foreach (var trouble in e.Troubles)
                Console.Error.WriteLine($"  {trouble.Message}");
            return ExitCodes.Usage;
        }
        catch (CannotStartException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.Refused;
        }
    }

    private static async Task<int> RunAsync(NodeSettings settings, NodeLog log)
    {
        using var ending = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        try
        {
            await using var node = await NodeHost.StartAsync(settings, log, ending.Token);
            await using var asked = ending.Token.Register(() => _ = node.StopAsync());
            return await node.Ended;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    private static Dictionary<string, string> ReadEnvironment() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(pair => (string)pair.Key, pair => (string)pair.Value!);
}
