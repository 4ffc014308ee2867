using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Node.Tests.Membership;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Tls;

/// <summary>The deny list in the store, and nodes that follow it.</summary>
public sealed class DenialTests(SharedStore stores) : IClassFixture<SharedStore>
{
    private static readonly Identity Ann = new("ann", Role.Admin);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Denials_are_kept_in_SQLite_with_who_made_and_lifted_them()
    {
        using var home = new TestHome();
        var settings = home.Settings();
        PrivateFolder.Create(settings.Paths.Store);
        var store = await NodeStore.OpenAsync(settings.Store, settings.Paths, default, default);
        await KeepsAsync(new DenialStore(store));
    }

    [PostgreSqlFact]
    public async Task Denials_are_kept_in_PostgreSQL_with_who_made_and_lifted_them()
    {
        var store = await stores.StoreAsync(stores.NewDatabase());
        await KeepsAsync(new DenialStore(store));
    }

    private static async Task KeepsAsync(DenialStore store)
    {
        using var home = new TestHome();
        var handler = new DenialsHandler(
            store,
            "n1",
            () => Task.CompletedTask,
            home.NodeLog,
            TimeProvider.System
        );
        Assert.Empty((await handler.ListAsync(default)).Reply!.Denials);
        var deny = new DenyRequest { Subject = "n3", Reason = "stolen" };
        var denied = Assert.Single((await ChangeAsync(deny)).Reply!.Denials);
        Assert.Equal(
            ("n3", "stolen", "ann", 0, ""),
            (denied.Subject, denied.Reason, denied.By, denied.Lifted, denied.LiftedBy)
        );
        Assert.Contains("already on the deny list", (await ChangeAsync(deny)).Refusal!.Message);
        var lift = new DenyRequest { Subject = "n3", Lift = true };
        var lifted = Assert.Single((await ChangeAsync(lift)).Reply!.Denials);
        Assert.True(lifted.Lifted >= lifted.Since);
        Assert.Equal("ann", lifted.LiftedBy);
        Assert.Contains("is not on the deny list", (await ChangeAsync(lift)).Refusal!.Message);
        Assert.Equal(0, Assert.Single((await ChangeAsync(deny)).Reply!.Denials).Lifted);
        var self = await ChangeAsync(new DenyRequest { Subject = "n1" });
        Assert.Contains("cannot deny itself", self.Refusal!.Message);

        Task<Outcome<DenialsReply>> ChangeAsync(DenyRequest request) =>
            handler.ChangeAsync(request, Ann, default);
    }

    [PostgreSqlFact]
    public async Task A_denied_node_stops_is_removed_and_cannot_return_until_it_is_off_the_list()
    {
        var database = stores.NewDatabase();
        await using var first = await StartAsync(database, "n1");
        var second = await StartAsync(database, "n2");
        await SeesAsync(first, "n1", "n2");
        var store = new DenialStore(await stores.StoreAsync(database));
        var deny = new DenyRequest { Subject = "n2", Reason = "stolen" };
        await store.AddAsync(deny, "ann", 1, default);

        Assert.Equal(NodeExitCodes.Refused, await second.Ended.WaitAsync(Limit));
        await SeesAsync(first, "n1");
        await second.DisposeAsync();
        Assert.False(first.Ended.IsCompleted);

        var refused = await Assert.ThrowsAsync<CannotStartException>(() =>
            StartAsync(database, "n2")
        );
        Assert.Equal(
            "Node n2 is on the deny list (by ann: stolen); if it may return, an admin takes it off with 'jobcloud ca unrevoke n2'.",
            refused.Message
        );
        await store.LiftAsync(deny, "ann", 2, default);
        await using var again = await StartAsync(database, "n2");
        await SeesAsync(first, "n1", "n2");
    }

    private async Task<NodeHost> StartAsync(string database, string name)
    {
        var home = stores.NewHome(name);
        return await NodeHost.StartAsync(
            SharedStore.Settings(
                home,
                database,
                "--name",
                name,
                "--set=akka.cluster.failure-detector.acceptable-heartbeat-pause=60s",
                "--set=jobcloud.tls.refresh=200ms"
            ),
            home.NodeLog,
            default,
            static _ => new NoExecutor()
        );
    }

    private static Task SeesAsync(NodeHost node, params string[] names) =>
        Eventually.HoldsAsync(
            () =>
                Cluster
                    .Get(node.System)
                    .State.Members.Where(member => member.Status == MemberStatus.Up)
                    .Select(ClusterNodes.NodeOf)
                    .Order()
                    .SequenceEqual(names),
            $"{string.Join(", ", names)} are the members",
            Limit
        );

    private sealed class NoExecutor : IExecutor
    {
        public void Attach(IActorRef agent) { }

        public void Send(ToExecutor message) { }
    }
}
