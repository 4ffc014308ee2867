using JobCloud.Protocol.Homes;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;

namespace JobCloud.Tui.Headless.Terminals;

/// <summary>Opens terminal connections.</summary>
internal static class TerminalConnector
{
    /// <param name="cloud">A connection to the same node, used if the node is remote.</param>
    /// <exception cref="Output.TroubleException">The node does not answer.</exception>
    public static ITerminalWire Connect(Invocation call, CloudConnection cloud)
    {
        var address = call.Settings.Address(call.Terminal);
        if (address is not CloudAddress.Local(var path))
            return new CallWire(cloud.Api.Terminal(cloud.Stream()));
        return CloudConnection.TryConnect(path) is { } socket
            ? new PlainWire(socket)
            : throw new Output.TroubleException(Failures.NobodyAnswers(address.ToString()!));
    }
}
