using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Opens terminal connections.</summary>
internal static class TerminalConnector
{
    /// <param name="cloud">A connection to the same node, used if the node is remote.</param>
    /// <exception cref="Output.CommandErrorException">The node does not answer.</exception>
    public static ITerminalConnection Connect(Invocation call, CloudConnection cloud)
    {
        if (cloud.SocketPath is not { } path)
            return new GrpcTerminalConnection(cloud.Api.Terminal(cloud.StreamOptions()));
        return CloudConnection.TryConnect(path) is { } socket
            ? new PlainTerminalConnection(socket)
            : throw new Output.CommandErrorException(
                CommandErrors.NoAnswer(new CloudAddress.Local(path).ToString())
            );
    }
}
