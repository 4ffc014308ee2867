using JobCloud.Client.Errors;
using JobCloud.Protocol.Homes;

namespace JobCloud.Client.Connections;

/// <summary>Connects to a node.</summary>
internal static class Connector
{
    /// <summary>A killed node restarts within two or three seconds. After this time, the user
    /// should know.</summary>
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(20);

    /// <summary>Connects; null if the address is a socket on which nothing listens.</summary>
    /// <param name="retry">Whether to retry while the node is unavailable.</param>
    public static ValueTask<CloudConnection?> TryConnectAsync(
        Endpoint endpoint,
        bool retry = true,
        CancellationToken cancel = default
    ) => TryConnectAsync(endpoint.Address(), endpoint, retry, cancel);

    /// <summary>Connects to the node of this address; null if it is a socket on which nothing
    /// listens.</summary>
    public static async ValueTask<CloudConnection?> TryConnectAsync(
        CloudAddress address,
        Endpoint endpoint,
        bool retry = true,
        CancellationToken cancel = default
    )
    {
        var token = ReadToken(endpoint);
        var patience = new Patience(
            retry ? Shorter(RetryLimit, endpoint.Timeout / 2) : TimeSpan.Zero,
            endpoint.WaitLimit,
            endpoint.Say
        );
        if (address is CloudAddress.Remote remote)
            return CloudConnection.ToRemote(
                remote.Uri,
                await RemoteServer.HandlerAsync(remote.Uri, endpoint, cancel),
                token,
                endpoint.Timeout,
                patience,
                endpoint.Clock
            );
        var path = ((CloudAddress.Local)address).Path;
        return CloudConnection.TryConnect(path) is { } socket
            ? CloudConnection.ToLocal(path, socket, token, endpoint, patience)
            : null;
    }

    private static TimeSpan Shorter(TimeSpan limit, TimeSpan timeout) =>
        timeout > TimeSpan.Zero && timeout < limit ? timeout : limit;

    private static string? ReadToken(Endpoint endpoint)
    {
        var file = endpoint.TokenFile;
        if (file.Length == 0)
            return null;
        try
        {
            var token = File.ReadAllText(endpoint.Absolute(file)).Trim();
            return token.Length > 0
                ? token
                : throw new ClientErrorException(
                    ClientError.Usage($"The token file {file} is empty.")
                );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ClientErrorException(
                ClientError.Usage($"The token file {file} cannot be read: {failure.Message}")
            );
        }
    }
}
