using System.Net.Security;

namespace JobCloud.Node.Tests.Gateway;

public sealed class TcpStrangerLimitTests() : TcpEndpointTest("authenticate-within=5s")
{
    [Fact]
    public async Task A_connection_that_sends_no_valid_token_is_closed_soon()
    {
        using var halfway = await ConnectAsync();
        var tls = new SslStream(halfway.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Address,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
            }
        );
        // It sends no request with a valid token and is closed soon.
        await DrainedAsync(tls);
    }
}
