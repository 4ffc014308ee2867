using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Client.Errors;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Client.Connections;

/// <summary>Connects to a remote node over TLS.</summary>
internal static class RemoteServer
{
    /// <summary>After this time, the node counts as unreachable.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    /// <exception cref="ClientErrorException">No node answers, or the CA cannot be
    /// read.</exception>
    public static async Task<SocketsHttpHandler> HandlerAsync(
        Uri server,
        Endpoint endpoint,
        CancellationToken cancel
    )
    {
        Socket? first = null;
        try
        {
            first = await ConnectAsync(server, cancel);
        }
        catch (Exception e)
            when (e is SocketException or OperationCanceledException
                && !cancel.IsCancellationRequested
            )
        {
            throw new ClientErrorException(
                ClientError.Unavailable(
                    $"No node answers at {endpoint.Server}: {(e is SocketException ? e.Message : $"no connection within {ConnectLimit.TotalSeconds} s")}."
                )
            );
        }
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            KeepAlivePingDelay = PingDelay,
            SslOptions = TlsOptions(endpoint),
            ConnectCallback = async (_, cancel) =>
                new NetworkStream(
                    Interlocked.Exchange(ref first, null) ?? await ConnectAsync(server, cancel),
                    ownsSocket: true
                ),
        };
    }

    private static async Task<Socket> ConnectAsync(Uri server, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ConnectLimit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server.IdnHost, server.Port, limit.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Trusts the CA of the endpoint, else the CA in the home, else the CAs of the
    /// system.</summary>
    private static SslClientAuthenticationOptions TlsOptions(Endpoint endpoint)
    {
        var file = endpoint.CaFile;
        if (file.Length == 0 && !File.Exists(file = endpoint.Paths.TlsAuthority))
            return CertificateCheck.ServerTrust(authorities: null, TimeProvider.System);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ClientErrorException(
                ClientError.Usage($"The CA certificate {file} cannot be read: {e.Message}")
            );
        }
        return CertificateCheck.ServerTrust(authorities, TimeProvider.System);
    }
}
