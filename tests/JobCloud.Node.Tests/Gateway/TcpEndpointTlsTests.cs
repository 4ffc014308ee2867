using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

public sealed class TcpEndpointTlsTests : TcpEndpointTest
{
    [Fact]
    public async Task The_endpoint_speaks_TLS_1_3_only()
    {
        Assert.Equal(SslProtocols.Tls13, (await HandshakeAsync()).Version);
        await Assert.ThrowsAnyAsync<Exception>(() => HandshakeAsync(SslProtocols.Tls12));
    }

    [Fact]
    public async Task A_client_that_trusts_another_CA_cannot_connect()
    {
        using var other = new TestAuthority();
        using var wrong = Channel(other);
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new Cloud.CloudClient(wrong).TokensAsync(new())
        );
    }

    [Fact]
    public async Task A_new_connection_gets_the_renewed_certificate()
    {
        var renewed = Authority.Issue(CertificateRole.Node);
        Assert.NotEqual(renewed.Thumbprint, (await HandshakeAsync()).Thumbprint);
        Tls.Use(new TlsFiles(renewed, Authority.Trusted));
        Assert.Equal(renewed.Thumbprint, (await HandshakeAsync()).Thumbprint);
    }

    [Fact]
    public async Task A_client_gets_the_expiry_of_the_nodes_certificate()
    {
        using var home = new TestHome();
        Authority.GiveTo(home.Path, until: -1, name: "n7");
        var paths = new HomePaths(home.Path);
        Tls.Use(
            new TlsFiles(
                X509Certificate2.CreateFromPemFile(paths.TlsCertificate, paths.TlsKey),
                Authority.Trusted
            )
        );
        using var channel = GrpcChannel.ForAddress(
            $"https://{Address}:{Port}",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    SslOptions = CertificateCheck.ServerTrust(
                        Authority.Trusted,
                        TimeProvider.System
                    ),
                },
            }
        );
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await new Cloud.CloudClient(channel).TokensAsync(new())
        );
        var told = ExpiredCertificateException.In(failure.Status.DebugException)?.Message ?? "";
        Assert.StartsWith("The certificate of node n7 expired on ", told);
        Assert.EndsWith("renew it with 'jobcloud ca node n7 --renew'.", told);
    }

    /// <summary>The TLS version and the certificate of a new connection.</summary>
    private async Task<(SslProtocols Version, string Thumbprint)> HandshakeAsync(
        SslProtocols offered = SslProtocols.None
    )
    {
        using var client = await ConnectAsync();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address,
                EnabledSslProtocols = offered,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                CertificateChainPolicy = CertificateCheck.Policy(Authority.Trusted),
            }
        );
        return (tls.SslProtocol, ((X509Certificate2)tls.RemoteCertificate!).Thumbprint);
    }
}
