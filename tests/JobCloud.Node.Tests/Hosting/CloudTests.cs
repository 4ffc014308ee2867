using Akka.Actor;
using Akka.Cluster.Sharding;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>Two nodes in one process whose messages cross a real connection.</summary>
public sealed class CloudTests : IDisposable
{
    private readonly TestHome _first = new();
    private readonly TestHome _second = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Segments_run_on_both_nodes_and_answer_requests_from_either()
    {
        _authority.GiveTo(_first.Path);
        _authority.GiveTo(_second.Path);
        await using var one = await NodeHost.StartAsync(
            _first.Settings("--name", "n1"),
            _first.NodeLog,
            default
        );
        var seed = Akka.Cluster.Cluster.Get(one.System).SelfAddress;
        await using var two = await NodeHost.StartAsync(
            _second.Settings("--name", "n2", "--set", $"jobcloud.cluster.seed-nodes=[\"{seed}\"]"),
            _second.NodeLog,
            default
        );
        var regions = new[] { RegionOf(one), RegionOf(two) };
        for (var segment = 0; segment < 40; segment++)
        {
            var answers = await Task.WhenAll(
                regions.Select(region =>
                    region.Ask<SegmentReply>(
                        new SegmentRequest { Segment = segment, Highest = new HighestJid() },
                        TimeSpan.FromSeconds(15)
                    )
                )
            );
            Assert.All(answers, answer => Assert.Equal(segment, answer.Segment));
        }
        Assert.True(await HasSegmentsAsync(one));
        Assert.True(await HasSegmentsAsync(two));
    }

    private static async Task<bool> HasSegmentsAsync(NodeHost node)
    {
        var shards = node.System.ActorSelection($"/system/sharding/{ClusterNames.Segments}/*");
        var found = await shards.Ask<ActorIdentity>(new Identify(null), TimeSpan.FromSeconds(2));
        return found.Subject is not null;
    }

    private static IActorRef RegionOf(NodeHost node) =>
        ClusterSharding.Get(node.System).ShardRegion(ClusterNames.Segments);
}
