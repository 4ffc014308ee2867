using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Certificates;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

/// <summary>Members of a cluster that talks by mutual TLS.</summary>
public sealed class ClusterTlsTests : IAsyncLifetime
{
    private readonly TestAuthority _ours = new();
    private readonly List<(ActorSystem System, TestHome Home)> _all = [];
    private ActorSystem _first = null!;

    public async Task InitializeAsync()
    {
        _first = await StartAsync(_ours);
        Cluster.Get(_first).Join(Cluster.Get(_first).SelfAddress);
        await SeesAsync(_first, 1);
    }

    [Fact]
    public async Task Nodes_of_one_CA_are_one_cloud()
    {
        var second = await StartAsync(_ours);
        Assert.StartsWith("akka.ssl.tcp://", Cluster.Get(second).SelfAddress.ToString());
        Join(second);
        await SeesAsync(_first, 2);
        await SeesAsync(second, 2);
    }

    [Fact]
    public async Task A_node_of_a_foreign_CA_is_kept_out()
    {
        using var theirs = new TestAuthority();
        var foreign = await StartAsync(theirs);
        Join(foreign);
        await Eventually.HoldsAsync(
            () => Said(_first).Contains("was kept out") || Said(foreign).Contains("was kept out"),
            "one of the two refuses the other"
        );
        Assert.Single(Cluster.Get(_first).State.Members);
        Assert.Empty(Cluster.Get(foreign).State.Members);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_is_let_in_only_where_clients_are_to_be(bool clients)
    {
        var node = await StartAsync(_ours, clients ? ["--set=jobcloud.tls.clients=on"] : []);
        Cluster.Get(node).Join(Cluster.Get(node).SelfAddress);
        await SeesAsync(node, 1);
        var client = await StartAsync(_ours, [], CertificateRole.Client);
        Cluster.Get(client).JoinSeedNodes([Cluster.Get(node).SelfAddress]);
        if (clients)
        {
            await SeesAsync(node, 2);
            return;
        }
        await Eventually.HoldsAsync(
            () =>
                Said(node).Contains("has a client's certificate, and jobcloud.tls.clients is off"),
            "it is kept out"
        );
        Assert.Single(Cluster.Get(node).State.Members);
    }

    [Fact]
    public async Task Junk_and_connections_that_say_nothing_harm_nobody()
    {
        var address = Cluster.Get(_first).SelfAddress;
        var to = new IPEndPoint(IPAddress.Parse(address.Host), address.Port!.Value);
        using var silent = new TcpClient();
        await silent.ConnectAsync(to);
        for (var i = 0; i < 20; i++)
        {
            using var stranger = new TcpClient();
            await stranger.ConnectAsync(to);
            try
            {
                await stranger.GetStream().WriteAsync(RandomNumberGenerator.GetBytes(4096));
            }
            catch (IOException)
            {
                // It was cut off on the way.
            }
        }
        var second = await StartAsync(_ours);
        Join(second);
        await SeesAsync(_first, 2);
    }

    public async Task DisposeAsync()
    {
        foreach (var (system, home) in _all)
        {
            await system.Terminate();
            home.Dispose();
        }
        _ours.Dispose();
    }

    private async Task<ActorSystem> StartAsync(
        TestAuthority authority,
        string[]? more = null,
        CertificateRole role = CertificateRole.Node
    )
    {
        var home = new TestHome();
        authority.GiveTo(home.Path);
        var settings = home.Settings(["--set=jobcloud.tls.cluster=on", .. more ?? []]);
        if (role != CertificateRole.Node)
            settings = settings with { Tls = settings.Tls with { Files = authority.Files(role) } };
        Directory.CreateDirectory(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UtcNow,
            default
        );
        var system = NodeSystem.Create(settings, store, home.NodeLog);
        _all.Add((system, home));
        return system;
    }

    private void Join(ActorSystem system) =>
        Cluster.Get(system).JoinSeedNodes([Cluster.Get(_first).SelfAddress]);

    private string Said(ActorSystem system) =>
        _all.Single(one => one.System == system).Home.Log.ToString();

    private static Task SeesAsync(ActorSystem system, int members) =>
        Eventually.HoldsAsync(
            () =>
                Cluster.Get(system).State.Members.Count(m => m.Status == MemberStatus.Up)
                == members,
            $"{members} are up"
        );
}
