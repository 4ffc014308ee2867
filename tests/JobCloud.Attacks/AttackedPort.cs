using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using JobCloud.Protocol.Membership;

namespace JobCloud.Attacks;

/// <summary>The cluster port of a node, and the certificate that an attacker has.</summary>
/// <param name="Certificate">Null: none.</param>
/// <param name="OwnPort">The port that the attacker claims to have; another for each
/// connection.</param>
public sealed record AttackedPort(IPEndPoint At, X509Certificate2? Certificate, int OwnPort)
{
    public string Address => AddressOf(At.Port);

    public string OwnAddress => AddressOf(OwnPort);

    /// <summary>Connects with TLS.</summary>
    /// <exception cref="AuthenticationException">The node refuses.</exception>
    /// <exception cref="IOException">The node refuses.</exception>
    public async Task<ClusterConnection> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(At);
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "node",
                ClientCertificates = Certificate is null ? [] : [Certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => Certificate!,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }
        );
        return new ClusterConnection(client, tls);
    }

    /// <summary>Connects and introduces itself.</summary>
    public async Task<ClusterConnection> JoinAsync()
    {
        var connection = await ConnectAsync();
        await connection.SendAsync(RawFrames.Introduction("127.0.0.1", OwnPort));
        return connection;
    }

    private static string AddressOf(int port) =>
        $"akka.ssl.tcp://{ClusterNames.System}@127.0.0.1:{port}";
}

/// <summary>A TLS connection to a cluster port.</summary>
public sealed class ClusterConnection(TcpClient client, SslStream tls) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public Task SendAsync(params byte[][] frames)
    {
        var all = frames.SelectMany(frame =>
        {
            var length = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, frame.Length);
            return length.Concat(frame);
        });
        return SendRawAsync([.. all]);
    }

    public async Task SendRawAsync(byte[] bytes) => await tls.WriteAsync(bytes);

    /// <summary>Reads one frame; null: the node closed the connection.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            var length = new byte[sizeof(int)];
            await tls.ReadExactlyAsync(length, limit.Token);
            var frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            await tls.ReadExactlyAsync(frame, limit.Token);
            return frame;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null;
        }
    }

    /// <summary>Reads until the node closes the connection.</summary>
    public async Task<string> UntilClosedAsync()
    {
        while (await ReadAsync() is not null) { }
        return "the node closed the connection";
    }

    public void Dispose()
    {
        tls.Dispose();
        client.Dispose();
    }
}
