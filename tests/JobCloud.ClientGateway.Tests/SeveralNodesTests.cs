using Akka.Actor;
using Akka.Cluster;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.ClientGateway.Tests;

public sealed class SeveralNodesTests
{
    [Fact]
    public async Task A_client_sees_the_jobs_of_all_nodes_and_switches_nodes_when_its_own_is_lost()
    {
        await using var first = await TestNode.StartAsync("n1");
        await using var second = await first.JoinedByAsync("n2");
        await using var one = first.Client();
        await using var two = second.Client();
        var (near, far) = (new FeedObserver(one), new FeedObserver(two));
        await near.IsAsync(LinkState.Live);
        await far.IsAsync(LinkState.Live);
        Assert.Equal("n2", two.Link.Node);

        // The segments of the map are on both nodes, and both clients see the whole map.
        var map = await near.SubmitAsync("true", count: 5_000);
        foreach (var observer in new[] { near, far })
            await observer.SeesAsync(
                p =>
                    p.Rows.TryGetValue(map, out var row)
                    && row.Counts[(int)Status.Done] == 5_000
                    && p.Counts.Jobs[(int)Status.Done] == 5_000,
                "the whole map"
            );

        await second.Host.StopAsync();
        await far.SeesAsync(_ => two.Link is { State: LinkState.Live, Node: "n1" }, "n1 instead");
        await far.SeesAsync(p => p.Rows.ContainsKey(map), "the map there");
    }

    [Fact]
    public async Task A_client_that_leaves_is_removed_at_once()
    {
        await using var node = await TestNode.StartAsync();
        var cloud = node.Client();
        await new FeedObserver(cloud).IsAsync(LinkState.Live);
        await Eventually.HoldsAsync(
            () => Clients(node).Any(m => m.Status == MemberStatus.Up),
            "the client is a member"
        );

        await cloud.DisposeAsync();

        await Eventually.HoldsAsync(
            () => !Clients(node).Any(),
            "the client is no longer a member",
            TimeSpan.FromSeconds(3)
        );
        Assert.Empty(node.Cluster.State.Unreachable);
    }

    [Fact]
    public async Task A_crashed_client_blocks_nothing()
    {
        await using var node = await TestNode.StartAsync();
        await using var other = node.Client();
        var observer = new FeedObserver(other);
        await observer.IsAsync(LinkState.Live);
        // Not even as the leader of the cluster, which it is if it has the lowest port.
        for (var i = 0; i < 2; i++)
            await CrashClientAsync(node);

        // Singletons and segments keep working.
        var job = await observer.SubmitAsync("true");
        await observer.SeesAsync(
            p => p.Rows.TryGetValue(job, out var row) && row.Status == Status.Done,
            "a job that was submitted while a crashed client is still a member"
        );
        await using var late = await node.JoinedByAsync("n2");
        await Eventually.HoldsAsync(
            () => node.Cluster.State.Members.Count(m => m.HasRole("control")) == 2,
            "a node could join"
        );
        await observer.SeesAsync(p => p.Nodes.Count == 2, "both nodes");
    }

    private static async Task CrashClientAsync(TestNode node)
    {
        var known = Clients(node).Select(m => m.UniqueAddress).ToHashSet();
        var system = node.BareClient();
        await Eventually.HoldsAsync(
            () =>
                Clients(node)
                    .Any(m => m.Status == MemberStatus.Up && !known.Contains(m.UniqueAddress)),
            "the client is a member"
        );
        ((ExtendedActorSystem)system).Abort();
    }

    private static IEnumerable<Member> Clients(TestNode node) =>
        node.Cluster.State.Members.Where(m => m.HasRole("client"));
}
