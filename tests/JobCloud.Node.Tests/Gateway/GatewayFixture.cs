using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Tests.Hosting;

namespace JobCloud.Node.Tests.Gateway;

/// <summary>A gateway with scripted calls, and a client of it.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private GatewayServer? _server;
    private GatewayClient? _client;

    public TestHome Home { get; } = new();
    public ScriptedCalls Calls { get; } = new();
    internal GatewaySettings Settings =>
        Home.Settings("--set=jobcloud.gateway.max-message-size=64KiB").Gateway with
        {
            SessionRequestsInFlight = 8,
        };
    public GatewayClient Client => _client!;

    public async Task InitializeAsync()
    {
        _server = await GatewayServer.StartAsync(
            Settings,
            Calls.Dispatcher(Home.NodeLog),
            Home.Peers,
            Home.Connections(),
            CancellationToken.None
        );
        _client = new GatewayClient(Settings.Socket);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        Home.Dispose();
    }
}
