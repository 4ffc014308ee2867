using System.Security.Cryptography;
using Grpc.Core;
using JobCloud.Protocol.Wire;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Gateway;

public sealed class TcpHandshakeLimitTests() : TcpEndpointTest("handshake-within=300ms")
{
    [Fact]
    public async Task Connections_without_a_handshake_are_closed_and_others_still_work()
    {
        for (var i = 0; i < 10; i++)
            await EndsAsync(RandomNumberGenerator.GetBytes(300));
        // One that sends nothing, and one that only starts a handshake.
        await EndsAsync([]);
        await EndsAsync([0x16, 0x03]);
        // On a busy machine, the handshake of this client may take too long.
        await Eventually.HoldsAsync(
            async () =>
            {
                var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                    await Api.SubmitAsync(new() { Count = 1 })
                );
                return RefusalTrailer.Of(refused)?.Message is { } why
                    && why.Contains("requires an access token", StringComparison.Ordinal);
            },
            "a client is answered"
        );
    }

    /// <summary>Sends bytes and expects the connection to be closed.</summary>
    private async Task EndsAsync(byte[] junk)
    {
        using var client = await ConnectAsync();
        await client.GetStream().WriteAsync(junk);
        await DrainedAsync(client.GetStream());
    }
}
