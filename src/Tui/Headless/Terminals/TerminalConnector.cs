using JobCloud.Client.Connections;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Opens terminal connections.</summary>
internal static class TerminalConnector
{
    /// <summary>Null: the node does not answer.</summary>
    /// <param name="cloud">A connection to the same node, used if the node is remote.</param>
    public static ITerminalConnection? TryConnect(CloudConnection cloud)
    {
        if (cloud.SocketPath is not { } path)
            return new GrpcTerminalConnection(cloud.Api.Terminal(cloud.StreamOptions()));
        try
        {
            return CloudConnection.TryConnect(path) is { } socket
                ? new PlainTerminalConnection(socket)
                : null;
        }
        catch (IOException)
        {
            // The node stopped before it read the greeting.
            return null;
        }
    }
}
