using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Submissions.RequestIds;
using JobCloud.Node.Tests.Gateway;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Membership;

/// <summary>One request ID at two nodes of a store at once.</summary>
public sealed class SameRequestIdTests(SharedStore stores) : IClassFixture<SharedStore>
{
    [PostgreSqlFact]
    public async Task Concurrent_submissions_with_one_request_id_through_two_nodes_make_one_job()
    {
        var database = stores.NewDatabase();
        var (one, two) = (stores.NewHome("n1"), stores.NewHome("n2"));
        await using var first = await StartAsync(one, database, "n1");
        await using var second = await StartAsync(two, database, "n2");
        using var here = new GatewayClient($"{one.Path}/run/jobcloud.sock");
        using var there = new GatewayClient($"{two.Path}/run/jobcloud.sock");
        var jids = new List<long>();
        for (var round = 0; round < 8; round++)
        {
            var requestId = $"round {round}";
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 6)
                    .Select(i => (i % 2 == 0 ? here : there).Cloud)
                    .Select(cloud => cloud.SubmitAsync(Job(requestId)).ResponseAsync)
            );
            jids.Add(Assert.Single(answers.Select(answer => answer.First).Distinct()));
        }
        Assert.Equal(8, jids.Distinct().Count());
    }

    [PostgreSqlFact]
    public async Task A_claim_is_held_until_released_expired_or_its_node_restarts()
    {
        var database = stores.NewDatabase();
        var store = await stores.StoreAsync(database);
        var registry = new NodeRegistry(store);
        var (a, b) = (Node("a"), Node("b"));
        await registry.RegisterAsync(a, default);
        await registry.RegisterAsync(b, default);
        var (mine, other) = (Table(a), Table(b));
        await mine.OpenAsync(default);
        RequestKey[] both = [new("ann", "t"), new("bob", "t")];
        Assert.Equal(both.ToHashSet(), await mine.AcquireAsync(both, default));
        Assert.Empty(await other.AcquireAsync(both, default));
        Assert.Equal(both.ToHashSet(), await mine.AcquireAsync(both, default));

        await other.ReleaseAsync(both, default);
        Assert.Empty(await other.AcquireAsync(both, default));
        await mine.ReleaseAsync([both[0]], default);
        Assert.Equal([both[0]], await other.AcquireAsync(both, default));

        await registry.RegisterAsync(a with { Session = 2 }, default);
        Assert.Equal(both.ToHashSet(), await other.AcquireAsync(both, default));
        Assert.Empty(await mine.AcquireAsync([both[1]], default));
        var late = new ClaimTable(store, a, TimeSpan.Zero);
        Assert.Equal([both[1]], await late.AcquireAsync([both[1]], default));

        ClaimTable Table(NodeIdentity self) => new(store, self, TimeSpan.FromHours(1));
    }

    private static NodeIdentity Node(string name) =>
        new(name, $"akka.ssl.tcp://jobcloud@{name}:1", Session: 1, ["control"]);

    private static SubmitRequest Job(string requestId) =>
        new()
        {
            Spec = new JobSpec { Command = "true", Cores = 1 },
            RequestId = requestId,
        };

    private static Task<NodeHost> StartAsync(TestHome home, string database, string name) =>
        NodeHost.StartAsync(
            SharedStore.Settings(
                home,
                database,
                "--name",
                name,
                "--set",
                "akka.cluster.failure-detector.acceptable-heartbeat-pause=60s"
            ),
            home.NodeLog,
            default,
            static _ => new NoExecutor()
        );

    private sealed class NoExecutor : IExecutor
    {
        public void Attach(IActorRef agent) { }

        public void Send(ToExecutor message) { }
    }
}
