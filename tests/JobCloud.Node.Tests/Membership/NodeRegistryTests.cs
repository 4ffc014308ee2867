using JobCloud.Node.Daemon.Membership;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Membership;

public sealed class NodeRegistryTests(SharedStore stores) : IClassFixture<SharedStore>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [PostgreSqlFact]
    public async Task Only_one_of_the_nodes_that_start_together_forms_the_cloud()
    {
        var registry = await stores.RegistryAsync();
        var nodes = Enumerable.Range(1, 8).Select(i => Node($"n{i}")).ToArray();
        foreach (var node in nodes)
            await registry.RegisterAsync(node, default);
        var formed = await Task.WhenAll(
            nodes.Select(node => registry.FormAsync(node, TimeSpan.FromHours(1), default))
        );
        Assert.Single(formed, one => one);
        foreach (var node in nodes)
            Assert.True(await registry.HeartbeatAsync(node, member: true, default));
    }

    [PostgreSqlFact]
    public async Task Forming_a_cloud_removes_silent_members()
    {
        var registry = await stores.RegistryAsync();
        var (old, other) = (Node("n1"), Node("n2"));
        await registry.RegisterAsync(old, default);
        Assert.True(await registry.FormAsync(old, Second, default));
        await registry.RegisterAsync(other, default);
        Assert.False(await registry.FormAsync(other, TimeSpan.FromHours(1), default));
        Assert.True(await registry.HeartbeatAsync(old, member: true, default));

        Assert.True(await registry.FormAsync(other, TimeSpan.Zero, default));
        Assert.False(await registry.HeartbeatAsync(old, member: true, default));
        Assert.False(Assert.Single(await registry.OthersAsync("n2", default)).Member);
    }

    [PostgreSqlFact]
    public async Task A_restarted_node_replaces_its_earlier_session()
    {
        var registry = await stores.RegistryAsync();
        var old = Node("n1");
        await registry.RegisterAsync(old, default);
        await registry.RegisterAsync(old with { Session = 2 }, default);
        Assert.False(await registry.HeartbeatAsync(old, member: true, default));
        Assert.True(await registry.HeartbeatAsync(old with { Session = 2 }, member: true, default));
        var record = await registry.MarkRemovedAsync("n1", 1, TimeSpan.FromHours(1), default);
        Assert.False(record!.Removed);
        Assert.True(await registry.HeartbeatAsync(old with { Session = 2 }, member: true, default));
    }

    [PostgreSqlFact]
    public async Task The_store_does_not_confirm_heartbeats_of_a_removed_node()
    {
        var registry = await stores.RegistryAsync();
        Assert.Null(await registry.MarkRemovedAsync("n1", 1, Second, default));
        await registry.RegisterAsync(Node("n1"), default);
        Assert.True((await registry.MarkRemovedAsync("n1", 1, Second, default))!.Removed);
        Assert.False(await registry.HeartbeatAsync(Node("n1"), member: true, default));
        var first = (await registry.MarkRemovedAsync("n1", 1, Second, default))!.Silent;
        Assert.True((await registry.MarkRemovedAsync("n1", 1, Second, default))!.Silent > first);
    }

    [PostgreSqlFact]
    public async Task A_lease_has_one_owner_at_a_time_and_expires()
    {
        var registry = await stores.RegistryAsync();
        Assert.True(await registry.AcquireLeaseAsync("l", "a", TimeSpan.FromHours(1), default));
        Assert.False(await registry.AcquireLeaseAsync("l", "b", Second, default));
        Assert.True(await registry.AcquireLeaseAsync("l", "a", TimeSpan.Zero, default));
        Assert.True(await registry.AcquireLeaseAsync("l", "b", TimeSpan.FromHours(1), default));
        await registry.ReleaseLeaseAsync("l", "a", default);
        Assert.False(await registry.AcquireLeaseAsync("l", "a", Second, default));
        await registry.ReleaseLeaseAsync("l", "b", default);
        Assert.True(await registry.AcquireLeaseAsync("l", "a", Second, default));
    }

    private static NodeIdentity Node(string name) =>
        new(name, $"akka.ssl.tcp://jobcloud@{name}:1", Session: 1, ["control"]);
}
