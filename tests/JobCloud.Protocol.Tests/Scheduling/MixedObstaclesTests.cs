using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>The sentence about a job that waits for nodes with different obstacles: it names what
/// would have to change first.</summary>
public sealed class MixedObstaclesTests
{
    private const long GiB = 1L << 30;

    public static TheoryData<string, ClusterScenario> Sentences =>
        new()
        {
            // Nodes without the role worker do not hide those with it.
            { "no node has 1 core", ClusterScenario.Nodes(0, 4).Lose("n2").Job() },
            // Busy cores come first: they become free by themselves.
            {
                "no node has 2 cores free",
                ClusterScenario.Nodes(2, 4).Offer("n2", Drains).Job(2).Job(2)
            },
            { "no node has 2 cores free", ClusterScenario.Nodes(2, 4).Lose("n2").Job(2).Job(2) },
            // Then busy memory.
            {
                "no node has 6 GiB of memory free",
                ClusterScenario
                    .Nodes(4, 4)
                    .Offer("n2", Drains)
                    .Job(memory: 12 * GiB)
                    .Job(memory: 6 * GiB)
            },
            // Then a drain, which ends too.
            {
                "every node that could run it is draining",
                ClusterScenario.Nodes(4, 1).Offer("n1", Drains).Job(2)
            },
            {
                "every node that could run it is draining",
                ClusterScenario.Nodes(4, 4).Offer("n1", Drains).Lose("n2").Job()
            },
            // A node with enough cores shows that memory is what is missing.
            {
                "no node has 64 GiB of memory",
                ClusterScenario.Nodes(4, 2).Job(4, memory: 64 * GiB)
            },
            {
                "no node has 64 GiB of memory",
                ClusterScenario.Nodes(4, 4).Lose("n2").Job(4, memory: 64 * GiB)
            },
            { "no node has 8 cores", ClusterScenario.Nodes(4, 8).Lose("n2").Job(8) },
            {
                "no node has 8 cores",
                ClusterScenario
                    .Nodes(4, 8)
                    .Offer("n2", NoNetwork)
                    .Job(8, needs: NodeFeatures.PrivateNetwork)
            },
            {
                "no node supports a private network",
                ClusterScenario
                    .Nodes(4, 4)
                    .Offer("n1", NoNetwork)
                    .Lose("n2")
                    .Job(needs: NodeFeatures.PrivateNetwork)
            },
            {
                "no node supports a root file system or volume",
                ClusterScenario
                    .Nodes(4, 4)
                    .Lose("n2")
                    .Job(needs: NodeFeatures.Sandbox | NodeFeatures.PrivateNetwork)
            },
            // One node alone has its own sentence.
            { "the core of n1 is busy", ClusterScenario.Nodes(1).Job().Job() },
            {
                "node n1 is draining: new disks",
                ClusterScenario
                    .Nodes(4)
                    .Offer("n1", offer => (offer.Draining, offer.Reason) = (true, "new disks"))
                    .Job()
            },
            { "n1 has 1 core, but the job needs 2", ClusterScenario.Nodes(1).Job(2) },
            {
                "n1 has 4 GiB of memory, but the job needs 5 GiB",
                ClusterScenario.Nodes(1).Job(memory: 5 * GiB)
            },
        };

    private static void Drains(NodeOffer offer) => offer.Draining = true;

    private static void NoNetwork(NodeOffer offer) =>
        offer.Isolation = new() { NoPrivateNetwork = "bubblewrap is not installed" };

    [Theory]
    [MemberData(nameof(Sentences), DisableDiscoveryEnumeration = true)]
    public void The_sentence_names_the_first_obstacle(string sentence, ClusterScenario cloud)
    {
        cloud.Run();
        Assert.Equal(sentence, Explain(cloud).Summary);
    }

    [Fact]
    public void A_reserved_node_is_named_before_drains_and_lost_nodes()
    {
        var cloud = ClusterScenario.Nodes(4, 4, 4).Offer("n2", Drains).Lose("n3");
        cloud.Job(1);
        cloud.Run();
        cloud.After(1).Job(4).After(1).Job(1);
        cloud.Run();
        // The large job has starved for long enough to get n1 for itself.
        cloud.After(301).Solve();
        cloud.Job(1).Solve();
        Assert.Equal("n1 is reserved for job 2", Explain(cloud).Summary);
    }

    private static Protocol.Api.ExplainReply Explain(ClusterScenario cloud) =>
        Explanation.Of(cloud.Ledger, cloud.Policy, new Jid(cloud.LastJid), cloud.Now);
}
