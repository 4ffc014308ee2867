using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Certificates;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Client;

/// <summary>Connects to a remote node over TLS.</summary>
internal static class RemoteServer
{
    /// <summary>After this time, the node counts as unreachable.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    /// <exception cref="CommandErrorException">No node answers, or the CA cannot be
    /// read.</exception>
    public static SocketsHttpHandler Handler(Uri server, ClientSettings settings)
    {
        Socket? first = null;
        try
        {
            first = ConnectAsync(server, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            throw new CommandErrorException(
                CommandError.Unavailable(
                    $"No node answers at {settings.Server.Value}: {(e is SocketException ? e.Message : $"no connection within {ConnectLimit.TotalSeconds} s")}."
                )
            );
        }
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ActivityHeadersPropagator = null,
            KeepAlivePingDelay = PingDelay,
            SslOptions = TlsOptions(settings),
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

    /// <summary>Trusts the CA in the settings, else the CA in the home, else the CAs of the
    /// system.</summary>
    private static SslClientAuthenticationOptions TlsOptions(ClientSettings settings)
    {
        var file = settings.CaFile.Value;
        if (file.Length == 0 && !File.Exists(file = settings.Paths.TlsAuthority))
            return CertificateCheck.ServerTrust(authorities: null, TimeProvider.System);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandErrorException(
                CommandError.Usage($"The CA certificate {file} cannot be read: {e.Message}")
            );
        }
        return CertificateCheck.ServerTrust(authorities, TimeProvider.System);
    }
}
