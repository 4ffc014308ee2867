using Akka.Actor;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Allocation;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Allocation;

public sealed class AllocatorActorTests()
    : TestKit("akka.persistence.journal.plugin = akka.persistence.journal.inmem")
{
    [Fact]
    public void A_node_without_a_lease_gets_an_empty_grant()
    {
        var allocator = Start();
        Assert.Equal(new LeaseGranted { Node = "n1" }, Ask(allocator, "n1", after: 0, count: 0));
    }

    [Fact]
    public void The_only_node_gets_jids_without_a_gap()
    {
        var allocator = Start();
        Assert.Equal(Lease("n1", 1, 1023), Ask(allocator, "n1", after: 0, count: 1));
        Assert.Equal(Lease("n1", 1, 1023), Ask(allocator, "n1", after: 1, count: 1000));
        Assert.Equal(Lease("n1", 1, 2047), Ask(allocator, "n1", after: 1020, count: 10));
    }

    [Fact]
    public void Leases_survive_a_restart()
    {
        var first = Start();
        Ask(first, "n1", after: 0, count: 1);
        Ask(first, "n2", after: 0, count: 3000);
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);

        var second = Start();

        Assert.Equal(Lease("n1", 1, 1023), Ask(second, "n1", after: 0, count: 0));
        Assert.Equal(Lease("n2", 1024, 4095), Ask(second, "n2", after: 0, count: 0));
        Assert.Equal(Lease("n1", 4096, 5119), Ask(second, "n1", after: 1023, count: 1));
    }

    private IActorRef Start() =>
        Sys.ActorOf(AllocatorActor.Props("allocator", TimeProvider.System));

    private LeaseGranted Ask(IActorRef allocator, string node, long after, long count)
    {
        allocator.Tell(
            new LeaseRequest
            {
                Node = node,
                After = after,
                Count = count,
            },
            TestActor
        );
        return ExpectMsg<LeaseGranted>();
    }

    private static LeaseGranted Lease(string node, long first, long last) =>
        new()
        {
            Node = node,
            First = first,
            Last = last,
        };
}
