using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Nodes;

/// <summary>Connects to the user's node, else to the node of the machine; starts a local node if no
/// server is named and neither answers.</summary>
internal static class Autostart
{
    public static async Task<CloudConnection> ConnectAsync(
        ClientSettings settings,
        CommandProcess terminal
    )
    {
        if (Connector.TryConnect(settings, terminal) is { } connection)
            return connection;
        if (
            settings.MachineNode is { } machine
            && Connector.TryConnect(machine, settings, terminal) is { } shared
        )
            return shared;
        if (!settings.CanAutostart)
            throw new CommandErrorException(
                CommandErrors.NoAnswer(settings.Address(terminal).ToString()!)
            );

        terminal.Error.WriteLine(
            LocalNode.IsStarted(settings.Paths)
                ? $"The node in {settings.Home.Value} does not answer yet; waiting for it …"
                : $"No node is running; starting one in {settings.Home.Value} …"
        );
        await LocalNode.StartAsync(settings, [], terminal);
        return Connector.TryConnect(settings, terminal)
            ?? throw new CommandErrorException(
                CommandErrors.NoAnswer(settings.Address(terminal).ToString()!)
            );
    }
}
