using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Membership;

/// <summary>Nodes in one process that find each other only through the store.</summary>
public sealed class CloudOfNodesTests(SharedStore stores) : IClassFixture<SharedStore>
{
    [PostgreSqlFact]
    public async Task Nodes_that_start_together_on_one_store_form_one_cloud()
    {
        var database = stores.NewDatabase();
        var nodes = await Task.WhenAll(
            StartAsync(database, "n1"),
            StartAsync(database, "n2"),
            StartAsync(database, "n3")
        );
        foreach (var node in nodes)
            await SeesAsync(node, "n1", "n2", "n3");
        foreach (var node in nodes)
            await node.DisposeAsync();
    }

    [PostgreSqlFact]
    public async Task The_node_that_forms_the_cloud_is_a_member_in_the_store_at_once()
    {
        var database = stores.NewDatabase();
        var home = stores.NewHome("n1");
        var settings = SharedStore.Settings(home, database, "--name", "n1");
        var store = await stores.StoreAsync(database);
        var registry = new NodeRegistry(store);
        using var system = NodeSystem.Create(
            settings,
            new NodeTls(
                TlsFiles.OfClusterNode(settings.Tls.Paths, "n1", DateTimeOffset.UtcNow),
                clients: false,
                bindsNames: true,
                home.NodeLog,
                TimeProvider.System
            ),
            store,
            home.NodeLog,
            registry
        );
        var cluster = Cluster.Get(system);
        var address = cluster.SelfAddress.ToString();
        var self = new NodeIdentity("n1", address, cluster.SelfUniqueAddress.Uid, ["control"]);
        await Joining.JoinAsync(
            cluster,
            registry,
            self,
            settings.Cluster,
            TimeProvider.System,
            default
        );
        Assert.True(Assert.Single(await registry.OthersAsync("n2", default)).Member);
        Assert.False(
            await registry.FormAsync(self with { Name = "n2" }, TimeSpan.FromSeconds(5), default)
        );
        await system.Terminate();
    }

    [PostgreSqlFact]
    public async Task A_restarted_node_joins_its_former_cloud()
    {
        var database = stores.NewDatabase();
        var first = await StartAsync(database, "n1");
        await using var second = await StartAsync(database, "n2");
        await first.DisposeAsync();
        await SeesAsync(second, "n2");
        await using var again = await StartAsync(database, "n1");
        await SeesAsync(again, "n1", "n2");
        await SeesAsync(second, "n1", "n2");
    }

    [PostgreSqlFact]
    public async Task Either_of_two_nodes_survives_the_loss_of_the_other()
    {
        foreach (var lost in new[] { 0, 1 })
        {
            var database = stores.NewDatabase();
            var nodes = new[]
            {
                await StartAsync(database, "n1", "3s"),
                await StartAsync(database, "n2", "3s"),
            };
            await SeesAsync(nodes[0], "n1", "n2");
            await SeesAsync(nodes[1], "n1", "n2");
            ((ExtendedActorSystem)nodes[lost].System).Abort();
            await SeesAsync(nodes[1 - lost], $"n{2 - lost}");
            Assert.False(nodes[1 - lost].Ended.IsCompleted);
            foreach (var node in nodes)
                await node.DisposeAsync();
        }
    }

    [PostgreSqlFact]
    public async Task A_node_removed_in_the_store_stops()
    {
        var database = stores.NewDatabase();
        await using var node = await StartAsync(database, "n1");
        var registry = new NodeRegistry(await stores.StoreAsync(database));
        var session = Cluster.Get(node.System).SelfUniqueAddress.Uid;
        await registry.MarkRemovedAsync("n1", session, TimeSpan.FromHours(1), default);
        Assert.Equal(
            NodeExitCodes.Unexpected,
            await node.Ended.WaitAsync(TimeSpan.FromSeconds(15))
        );
    }

    [PostgreSqlFact]
    public async Task A_node_that_cannot_reach_the_store_leaves_while_others_reach_it()
    {
        var database = stores.NewDatabase();
        using var relay = new StoreRelay(database);
        await using var first = await StartAsync(database, "n1", "60s", CutOffLimit("3s"));
        await using var second = await StartAsync(relay.Connection, "n2", "60s", CutOffLimit("3s"));
        await SeesAsync(first, "n1", "n2");
        await SeesAsync(second, "n1", "n2");

        relay.Cut();

        Assert.Equal(
            NodeExitCodes.Unexpected,
            await second.Ended.WaitAsync(TimeSpan.FromSeconds(60))
        );
        await SeesAsync(first, "n1");
        Assert.False(first.Ended.IsCompleted);
    }

    [PostgreSqlFact]
    public async Task All_nodes_stay_while_none_reaches_the_store()
    {
        var database = stores.NewDatabase();
        using var relay = new StoreRelay(database);
        await using var first = await StartAsync(relay.Connection, "n1", "60s", CutOffLimit("1s"));
        await using var second = await StartAsync(relay.Connection, "n2", "60s", CutOffLimit("1s"));
        await SeesAsync(first, "n1", "n2");
        relay.Cut();
        await Task.WhenAny(first.Ended, second.Ended, Task.Delay(TimeSpan.FromSeconds(4)));
        await SeesAsync(first, "n1", "n2");
        await SeesAsync(second, "n1", "n2");
    }

    [PostgreSqlFact]
    public async Task A_node_that_is_removed_while_it_starts_ends()
    {
        var database = stores.NewDatabase();
        var registry = new NodeRegistry(await stores.StoreAsync(database));
        using var never = new ManualResetEventSlim();
        var start = StartAsync(
            database,
            "n1",
            "60s",
            [],
            _ =>
            {
                // The start waits for something that its end will never bring.
                MarkRemoved();
                never.Wait();
                return new NoExecutor();
            }
        );
        var error = await Assert.ThrowsAsync<StartInterruptedException>(() =>
            start.WaitAsync(TimeSpan.FromSeconds(60))
        );
        Assert.Contains("starts again", error.Message);
        never.Set();

        void MarkRemoved() =>
            registry
                .MarkRemovedAsync("n1", SessionOf(registry), TimeSpan.FromHours(1), default)
                .GetAwaiter()
                .GetResult();
    }

    [PostgreSqlFact]
    public async Task A_copy_of_a_home_is_refused_while_the_original_runs()
    {
        var database = stores.NewDatabase();
        var original = stores.NewHome("n1");
        await using var node = await StartAsync(original, database, "n1", "60s", [], NoExecutors);
        var copy = stores.NewHome("n1");
        Directory.CreateDirectory(new HomePaths(copy.Path).Run);
        File.Copy(
            new HomePaths(original.Path).Identity,
            new HomePaths(copy.Path).Identity,
            overwrite: true
        );

        var error = await Assert.ThrowsAsync<CannotStartException>(() =>
            StartAsync(copy, database, "n1", "60s", [], NoExecutors)
        );

        Assert.Contains("is a copy of that of node n1", error.Message);
        Assert.False(node.Ended.IsCompleted);
        await SeesAsync(node, "n1");
    }

    private static int SessionOf(NodeRegistry registry) =>
        registry.OthersAsync("", default).GetAwaiter().GetResult().Single().Session;

    private static string[] CutOffLimit(string limit) =>
        ["--set", $"jobcloud.cluster.store-cut-off-limit={limit}"];

    private static IExecutor NoExecutors(IMachine machine) => new NoExecutor();

    // A long pause, so that a busy machine loses no node.
    private Task<NodeHost> StartAsync(string database, string name) =>
        StartAsync(database, name, "60s");

    private Task<NodeHost> StartAsync(
        string database,
        string name,
        string pause,
        string[]? more = null,
        Func<IMachine, IExecutor>? executor = null
    ) =>
        StartAsync(
            stores.NewHome(name),
            database,
            name,
            pause,
            more ?? [],
            executor ?? NoExecutors
        );

    private static Task<NodeHost> StartAsync(
        TestHome home,
        string database,
        string name,
        string pause,
        string[] more,
        Func<IMachine, IExecutor> executor
    ) =>
        NodeHost.StartAsync(
            SharedStore.Settings(
                home,
                database,
                [
                    "--name",
                    name,
                    "--set",
                    $"akka.cluster.failure-detector.acceptable-heartbeat-pause={pause}",
                    .. more,
                ]
            ),
            home.NodeLog,
            default,
            executor
        );

    private sealed class NoExecutor : IExecutor
    {
        public void Attach(IActorRef agent) { }

        public void Send(ToExecutor message) { }
    }

    private static Task SeesAsync(NodeHost node, params string[] names) =>
        Eventually.HoldsAsync(
            () =>
            {
                var state = Cluster.Get(node.System).State;
                return state.Unreachable.IsEmpty
                    && state
                        .Members.Where(member => member.Status == MemberStatus.Up)
                        .Select(ClusterNodes.NodeOf)
                        .Order()
                        .SequenceEqual(names);
            },
            $"{string.Join(", ", names)} are the members"
        );
}
