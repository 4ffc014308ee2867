using Akka.Actor;
using Akka.Cluster;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Door.Tests;

public sealed class SeveralNodesTests
{
    [Fact]
    public async Task What_lies_on_other_nodes_is_told_too_and_a_lost_node_is_left_for_another()
    {
        await using var first = await TestNode.StartAsync("n1");
        await using var second = await first.JoinedByAsync("n2");
        await using var one = first.Client();
        await using var two = second.Client();
        var (near, far) = (new Onlooker(one), new Onlooker(two));
        await near.IsAsync(LinkState.Live);
        await far.IsAsync(LinkState.Live);
        Assert.Equal("n2", two.Link.Node);

        // Its segments lie on both nodes, as it is known on both.
        var map = await near.SubmitAsync("true", count: 5_000);
        foreach (var onlooker in new[] { near, far })
            await onlooker.SeesAsync(
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
    public async Task A_client_that_leaves_is_gone_at_once()
    {
        await using var node = await TestNode.StartAsync();
        var cloud = node.Client();
        await new Onlooker(cloud).IsAsync(LinkState.Live);
        await Eventually.HoldsAsync(
            () => Clients(node).Any(m => m.Status == MemberStatus.Up),
            "the client is a member"
        );

        await cloud.DisposeAsync();

        await Eventually.HoldsAsync(
            () => !Clients(node).Any(),
            "it is none any more",
            TimeSpan.FromSeconds(3)
        );
        Assert.Empty(node.Cluster.State.Unreachable);
    }

    [Fact]
    public async Task A_client_that_dies_holds_nothing_up()
    {
        await using var node = await TestNode.StartAsync();
        await using var other = node.Client();
        var onlooker = new Onlooker(other);
        await onlooker.IsAsync(LinkState.Live);
        // Not even as the leader, which the lowest port makes it now and then.
        for (var i = 0; i < 2; i++)
            await DieAsync(node);

        // Singletons and segments go on meanwhile.
        var job = await onlooker.SubmitAsync("true");
        await onlooker.SeesAsync(
            p => p.Rows.TryGetValue(job, out var row) && row.Status == Status.Done,
            "a job that was submitted while a dead client is still a member"
        );
        await using var late = await node.JoinedByAsync("n2");
        await Eventually.HoldsAsync(
            () => node.Cluster.State.Members.Count(m => m.HasRole("control")) == 2,
            "a node could join"
        );
        await onlooker.SeesAsync(p => p.Nodes.Count == 2, "both nodes");
    }

    private static async Task DieAsync(TestNode node)
    {
        var known = Clients(node).Select(m => m.UniqueAddress).ToHashSet();
        var system = node.LonelyClient();
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
