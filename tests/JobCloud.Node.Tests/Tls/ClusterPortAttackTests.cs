using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Cluster;
using JobCloud.Attacks;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Certificates;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

/// <summary>A member of a cluster whose actors record what reaches them.</summary>
public sealed class AttackedNode : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _foreign = new();
    private readonly TestHome _home = new();
    private int _ownPort = 10_000;
    private IPEndPoint _at = null!;

    public ConcurrentQueue<object> Received { get; } = new();
    public ActorSystem System { get; private set; } = null!;
    public string Log => _home.Log.ToString();

    public async Task InitializeAsync()
    {
        var settings = _home.Settings("--set=jobcloud.tls.clients=on");
        Directory.CreateDirectory(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(
            settings.Store,
            settings.Paths,
            DateTimeOffset.UtcNow,
            default
        );
        var tls = new NodeTls(
            new TlsFiles(_authority.Issue(CertificateRole.Node), _authority.Trusted),
            settings.Tls.Clients,
            bindsNames: true,
            _home.NodeLog,
            TimeProvider.System
        );
        System = NodeSystem.Create(settings, tls, store, _home.NodeLog);
        foreach (var name in new[] { "agent", "gateway", "scheduler" })
            System.ActorOf(Props.Create(() => new Recorder(Received, true)), name);
        var cluster = Cluster.Get(System);
        cluster.Join(cluster.SelfAddress);
        _at = new IPEndPoint(IPAddress.Loopback, cluster.SelfAddress.Port!.Value);
        await Eventually.HoldsAsync(() => cluster.State.Members.Count == 1, "it is a member");
    }

    /// <param name="holder">Whose certificate the attacker has: none, foreign, client or
    /// node.</param>
    public AttackedPort PortFor(string holder)
    {
        X509Certificate2? certificate = holder switch
        {
            "foreign" => _foreign.Issue(CertificateRole.Node),
            "client" => _authority.Issue(CertificateRole.Client),
            "node" => _authority.Issue(CertificateRole.Node),
            _ => null,
        };
        return new AttackedPort(_at, certificate, ++_ownPort);
    }

    public async Task DisposeAsync()
    {
        await System.Terminate();
        _home.Dispose();
        _authority.Dispose();
        _foreign.Dispose();
    }

    private sealed class Recorder : UntypedActor
    {
        private readonly ConcurrentQueue<object> _received;

        public Recorder(ConcurrentQueue<object> received, bool hasChild)
        {
            _received = received;
            if (hasChild)
                Context.ActorOf(Props.Create(() => new Recorder(received, false)), "scheduler");
        }

        protected override void OnReceive(object message) => _received.Enqueue(message);

        protected override void PostStop() => _received.Enqueue("an actor ended");
    }
}

public sealed class ClusterPortAttackTests(AttackedNode node) : IClassFixture<AttackedNode>
{
    public static IEnumerable<object[]> ByStrangers =>
        from attack in ClusterPortAttacks.Strangers
        from holder in new[] { "none", "foreign" }
        select new object[] { holder, attack.Name };

    public static IEnumerable<object[]> ByClients =>
        ClusterPortAttacks.Clients.Select(attack => new object[] { attack.Name });

    public static IEnumerable<object[]> ByMembers =>
        from attack in ClusterPortAttacks.Members
        from holder in new[] { "client", "node" }
        select new object[] { holder, attack.Name };

    [Theory]
    [MemberData(nameof(ByStrangers))]
    public async Task A_stranger_gets_no_introduction(string holder, string name)
    {
        var attack = ClusterPortAttacks.Strangers.Single(one => one.Name == name);
        Assert.DoesNotContain("introduction", await attack.RunAsync(node.PortFor(holder)));
        await ReachesNobodyAsync();
    }

    [Theory]
    [MemberData(nameof(ByClients))]
    public async Task A_client_certificate_gives_no_rights_of_a_node(string name)
    {
        var attack = ClusterPortAttacks.Clients.Single(one => one.Name == name);
        await attack.RunAsync(node.PortFor("client"));
        await ReachesNobodyAsync();
    }

    [Theory]
    [MemberData(nameof(ByMembers))]
    public async Task No_certificate_admits_a_message_that_names_a_type_or_ends_an_actor(
        string holder,
        string name
    )
    {
        var attack = ClusterPortAttacks.Members.Single(one => one.Name == name);
        await attack.RunAsync(node.PortFor(holder));
        await ReachesNobodyAsync();
    }

    [Fact]
    public async Task One_certificate_gets_a_limited_number_of_connections()
    {
        var open = new List<ClusterConnection>();
        try
        {
            await Eventually.HoldsAsync(
                async () =>
                {
                    open.Add(await node.PortFor("node").ConnectAsync());
                    return node.Log.Contains("has 100 connections already");
                },
                "the node refuses more"
            );
            Assert.InRange(open.Count, 90, 500);
            await AnswersAsync();
        }
        finally
        {
            open.ForEach(one => one.Dispose());
        }
        node.Received.Clear();
    }

    /// <summary>Connections that close meanwhile must not have others refused.</summary>
    [Fact]
    public async Task The_only_message_of_each_of_many_short_connections_arrives()
    {
        const int inTurn = 60;
        var first = node.PortFor("client") with { OwnPort = 20_000 };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => VisitAsync(i * inTurn)));
        node.Received.Clear();

        async Task VisitAsync(int from)
        {
            for (var i = from; i < from + inTurn; i++)
                await ArrivesAsync(first with { OwnPort = first.OwnPort + i });
        }
    }

    [Fact]
    public async Task A_node_may_start_jobs_and_share_tickets()
    {
        var port = node.PortFor("node");
        using var connection = await port.JoinAsync();
        await connection.SendAsync(
            ClusterPortFrames.ToAgent(port, ClusterPortFrames.Start()),
            RawFrames.Message($"{port.Address}/user/gateway", 120, "gateway.TicketGiven", [])
        );
        await ReceivesAsync<StartAttempts>();
        await ReceivesAsync<TicketGiven>();
        node.Received.Clear();
    }

    [Fact]
    public async Task A_node_survives_15_000_mutated_frames()
    {
        var port = node.PortFor("node") with { OwnPort = 30_000 };
        await MutatedFrames.SendAsync(port, 15_000, new Random(15_000));
        // A changed frame may still be one that a node may send.
        await AnswersAsync();
        Assert.DoesNotContain("an actor ended", node.Received);
        node.Received.Clear();
    }

    /// <summary>Everything sent before has been processed, and none of it has reached an
    /// actor.</summary>
    private async Task ReachesNobodyAsync()
    {
        await AnswersAsync();
        Assert.All(node.Received, message => Assert.IsType<Ask>(message));
        Assert.Single(Cluster.Get(node.System).State.Members);
        node.Received.Clear();
    }

    private Task AnswersAsync() => ArrivesAsync(node.PortFor("client"));

    /// <summary>A message over a new connection arrives.</summary>
    private async Task ArrivesAsync(AttackedPort port)
    {
        using var connection = await port.JoinAsync();
        var call = new Ask { Call = port.OwnPort };
        await connection.SendAsync(ClusterPortFrames.ToGateway(port, call));
        await EventuallyAsync(() => node.Received.Contains(call), "the node still listens");
    }

    private Task ReceivesAsync<T>() =>
        EventuallyAsync(
            () => node.Received.OfType<T>().Any(),
            $"an actor receives {typeof(T).Name}"
        );

    private async Task EventuallyAsync(Func<bool> condition, string what)
    {
        try
        {
            await Eventually.HoldsAsync(condition, what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; log: {node.Log}", e);
        }
    }
}
