using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

/// <summary>Members of a cluster that uses mutual TLS.</summary>
public sealed class ClusterTlsTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly List<(ActorSystem System, TestHome Home, NodeTls Tls)> _all = [];
    private ActorSystem _first = null!;

    public async Task InitializeAsync()
    {
        _first = await StartAsync(_authority);
        Cluster.Get(_first).Join(Cluster.Get(_first).SelfAddress);
        await SeesAsync(_first, 1);
    }

    [Fact]
    public async Task Nodes_of_one_CA_form_one_cloud()
    {
        var second = await StartAsync(_authority, name: "n2");
        Assert.StartsWith("akka.ssl.tcp://", Cluster.Get(second).SelfAddress.ToString());
        Join(second);
        await SeesAsync(_first, 2);
        await SeesAsync(second, 2);
    }

    [Fact]
    public async Task A_node_cannot_join_under_a_name_that_its_certificate_lacks()
    {
        var other = await StartAsync(_authority, name: "n2", certificate: "n3");
        Join(other);
        await HoldsAsync(
            () => LogOf(_first).Contains("CN=n3") && LogOf(_first).Contains("a false claim in"),
            "the log tells it"
        );
        Assert.Single(Cluster.Get(_first).State.Members);
        var third = await StartAsync(_authority, name: "n3");
        Join(third);
        await SeesAsync(_first, 2);
    }

    [Fact]
    public async Task A_node_of_a_foreign_CA_is_rejected()
    {
        using var other = new TestAuthority();
        var foreign = await StartAsync(other);
        Join(foreign);
        await Eventually.HoldsAsync(
            () =>
                LogOf(_first).Contains("Rejected a connection")
                || LogOf(foreign).Contains("Rejected a connection"),
            "one of the two rejects the other"
        );
        Assert.Single(Cluster.Get(_first).State.Members);
        Assert.Empty(Cluster.Get(foreign).State.Members);
        // A refused connection stops neither side.
        Assert.False(_first.WhenTerminated.IsCompleted);
        Assert.False(foreign.WhenTerminated.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_certificate_is_accepted_only_if_the_setting_allows_it(bool clients)
    {
        var node = await StartAsync(_authority, clients ? ["--set=jobcloud.tls.clients=on"] : []);
        Cluster.Get(node).Join(Cluster.Get(node).SelfAddress);
        await SeesAsync(node, 1);
        var client = await StartAsync(_authority, [], CertificateRole.Client);
        Cluster.Get(client).JoinSeedNodes([Cluster.Get(node).SelfAddress]);
        // Here it joins as a node, which no client may.
        var expected = clients
            ? "a false claim in"
            : "has a client certificate, and jobcloud.tls.clients is off";
        await HoldsAsync(() => LogOf(node).Contains(expected), "the log tells it");
        Assert.Single(Cluster.Get(node).State.Members);
    }

    [Fact]
    public async Task A_denied_certificate_loses_its_connections_and_gets_no_new_ones()
    {
        // Nobody is removed meanwhile.
        string[] patient = ["--set=akka.cluster.split-brain-resolver.stable-after=10m"];
        var one = await StartAsync(_authority, patient, name: "n3");
        Cluster.Get(one).Join(Cluster.Get(one).SelfAddress);
        await SeesAsync(one, 1);
        var other = await StartAsync(_authority, patient, name: "n4");
        Cluster.Get(other).JoinSeedNodes([Cluster.Get(one).SelfAddress]);
        await SeesAsync(one, 2);
        TlsOf(one).Use(new DenyList([new Denial { Subject = "n4", By = "root" }]));
        await HoldsAsync(
            () => Cluster.Get(one).State.Unreachable.Count == 1,
            "the node no longer hears the denied one"
        );
        await HoldsAsync(
            () => LogOf(one).Contains("the certificate of n4 is on the deny list (by root)"),
            "new connections are refused with the reason"
        );
        TlsOf(one).Use(DenyList.Empty);
        await HoldsAsync(
            () => Cluster.Get(one).State.Unreachable.Count == 0,
            "it is heard again once it is off the list"
        );
    }

    [Fact]
    public async Task New_connections_use_a_renewed_certificate()
    {
        var renewed = _authority.Issue(CertificateRole.Node);
        TlsOf(_first).Use(new TlsFiles(renewed, _authority.Trusted));
        using var own = _authority.Issue(CertificateRole.Node);
        await using var tls = await ConnectAsync(SslProtocols.Tls13, own);
        Assert.Equal(renewed.Thumbprint, ((X509Certificate2)tls.RemoteCertificate!).Thumbprint);
    }

    [Fact]
    public async Task An_expired_certificate_is_reported_as_expired()
    {
        using var home = new TestHome();
        _authority.GiveTo(home.Path, until: -1, name: "n7");
        var paths = new HomePaths(home.Path);
        using var expired = X509Certificate2.CreateFromPemFile(paths.TlsCertificate, paths.TlsKey);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var tls = await ConnectAsync(SslProtocols.Tls13, expired);
            Assert.NotEqual(0, await tls.ReadAsync(new byte[1]));
        });
        await Eventually.HoldsAsync(
            () =>
                LogOf(_first).Contains("the certificate of node n7 expired on")
                && LogOf(_first).Contains("renew it with 'jobcloud ca node n7 --renew'"),
            "the log says what to do"
        );
    }

    [Fact]
    public async Task Invalid_and_silent_connections_do_not_affect_the_cluster()
    {
        var to = Port();
        using var silent = new TcpClient();
        await silent.ConnectAsync(to);
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(to);
            try
            {
                await client.GetStream().WriteAsync(RandomNumberGenerator.GetBytes(4096));
            }
            catch (IOException)
            {
                // The node closed the connection during the write.
            }
        }
        var second = await StartAsync(_authority, name: "n2");
        Join(second);
        await SeesAsync(_first, 2);
    }

    [Fact]
    public async Task The_cluster_port_speaks_TLS_1_3_only()
    {
        using var own = _authority.Issue(CertificateRole.Node);
        await using var tls = await ConnectAsync(SslProtocols.None, own);
        Assert.Equal(SslProtocols.Tls13, tls.SslProtocol);
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(SslProtocols.Tls12, own));
    }

    [Fact]
    public async Task A_stranger_without_a_certificate_is_not_served()
    {
        // With TLS 1.3 a client learns of its rejection when it reads.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var tls = await ConnectAsync(SslProtocols.Tls13, own: null);
            Assert.NotEqual(0, await tls.ReadAsync(new byte[1]));
        });
        await Eventually.HoldsAsync(
            () => LogOf(_first).Contains("no certificate was presented"),
            "the log names the reason"
        );
    }

    [Fact]
    public async Task A_node_listens_on_bind_hostname_and_is_known_by_hostname()
    {
        var node = await StartAsync(
            _authority,
            ["--set=akka.remote.dot-netty.tcp.bind-hostname=127.0.0.2"]
        );
        var address = Cluster.Get(node).SelfAddress;
        Assert.Equal("127.0.0.1", address.Host);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.2", address.Port!.Value);
    }

    [Fact]
    public async Task Idle_connections_of_strangers_keep_no_member_out()
    {
        var idle = new List<TcpClient>();
        for (var i = 0; i < 300; i++)
        {
            idle.Add(new TcpClient());
            await idle[^1].ConnectAsync(Port());
        }
        var second = await StartAsync(_authority, name: "n2");
        Join(second);
        await SeesAsync(_first, 2);
        idle.ForEach(one => one.Dispose());
    }

    public async Task DisposeAsync()
    {
        foreach (var (system, home, _) in _all)
        {
            await system.Terminate();
            home.Dispose();
        }
        _authority.Dispose();
    }

    private async Task<ActorSystem> StartAsync(
        TestAuthority authority,
        string[]? more = null,
        CertificateRole role = CertificateRole.Node,
        string name = "n1",
        string? certificate = null
    )
    {
        var home = new TestHome();
        var settings = home.Settings(["--name", name, .. more ?? []]);
        Directory.CreateDirectory(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UtcNow,
            default
        );
        var tls = new NodeTls(
            new TlsFiles(authority.Issue(role, certificate ?? name), authority.Trusted),
            settings.Tls.Clients,
            bindsNames: true,
            home.NodeLog,
            TimeProvider.System
        );
        var system = NodeSystem.Create(settings, tls, store, home.NodeLog);
        _all.Add((system, home, tls));
        return system;
    }

    private async Task<SslStream> ConnectAsync(SslProtocols versions, X509Certificate2? own)
    {
        var client = new TcpClient();
        await client.ConnectAsync(Port());
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = versions,
                ClientCertificates = own is null ? null : [own],
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            }
        );
        return tls;
    }

    private IPEndPoint Port()
    {
        var address = Cluster.Get(_first).SelfAddress;
        return new IPEndPoint(IPAddress.Parse(address.Host), address.Port!.Value);
    }

    private void Join(ActorSystem system) =>
        Cluster.Get(system).JoinSeedNodes([Cluster.Get(_first).SelfAddress]);

    private NodeTls TlsOf(ActorSystem system) => _all.Single(one => one.System == system).Tls;

    private string LogOf(ActorSystem system) =>
        _all.Single(one => one.System == system).Home.Log.ToString();

    private static Task HoldsAsync(Func<bool> condition, string what) =>
        Eventually.HoldsAsync(condition, what, TimeSpan.FromMinutes(1));

    private static Task SeesAsync(ActorSystem system, int members) =>
        Eventually.HoldsAsync(
            () =>
                Cluster.Get(system).State.Members.Count(m => m.Status == MemberStatus.Up)
                == members,
            $"{members} are up"
        );
}
