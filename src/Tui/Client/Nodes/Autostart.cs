using JobCloud.Client.Connections;
using JobCloud.Client.Errors;

namespace JobCloud.Client.Nodes;

/// <summary>Connects to the user's node, else to the node of the machine; starts a local node if no
/// server is named and neither answers.</summary>
internal static class Autostart
{
    public static async Task<CloudConnection> ConnectAsync(
        Endpoint endpoint,
        StartNotices notices,
        CancellationToken cancel = default
    )
    {
        if (endpoint.IsCutOff)
            throw new ClientErrorException(CallErrors.CutOff);
        if (await Connector.TryConnectAsync(endpoint, cancel: cancel) is { } connection)
            return connection;
        if (
            endpoint.MachineNode is { } machine
            && await Connector.TryConnectAsync(machine, endpoint, cancel: cancel) is { } shared
        )
            return shared;
        if (endpoint.StartsNode)
        {
            notices.Begins(
                NodeStart.IsStarted(endpoint.Paths)
                    ? $"The node in {endpoint.Paths.Home} does not answer yet; waiting for it …"
                    : $"No node is running; starting one in {endpoint.Paths.Home} …"
            );
            await NodeStart.StartAsync(endpoint, [], notices, cancel);
            if (await Connector.TryConnectAsync(endpoint, cancel: cancel) is { } started)
                return started;
        }
        throw new ClientErrorException(CallErrors.NoAnswer(endpoint.Address().ToString()!));
    }
}
