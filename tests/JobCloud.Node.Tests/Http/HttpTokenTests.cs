using System.Net;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Protocol;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Tests.Http;

/// <summary>The HTTP API over TLS.</summary>
public sealed class HttpTokenTests : TcpEndpointTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_request_needs_a_valid_token(int version)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    CertificateChainPolicy = CertificateCheck.Policy(Authority.Trusted),
                },
            }
        )
        {
            BaseAddress = new Uri($"https://{Address}:{Port}"),
            DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var token in new[] { null, "jc_wrong" })
        {
            client.DefaultRequestHeaders.Authorization = token is null
                ? null
                : new("Bearer", token);
            using var refused = await client.GetAsync("/healthz");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
        }
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer",
            await CreateAsync("ann", Role.User)
        );
        using var granted = await client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        Assert.Equal(version, granted.Version.Major);
    }
}
