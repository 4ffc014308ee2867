using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Protocol.Membership;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Scheduling;

public sealed class LostNodeDetectorTests() : ActorTest(Settings)
{
    private const string Settings = """
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        akka.cluster.roles = ["node.n1"]
        akka.cluster.min-nr-of-members = 1
        # Otherwise leaving would terminate the actor system, sometimes before the roster is informed.
        akka.coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
        """;

    [Fact]
    public async Task A_member_that_leaves_is_recorded_as_planned()
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress);
        var roster = Sys.ActorOf(RemovedNodesActor.Props(TimeProvider.System));
        // The answer proves that the roster has subscribed.
        await roster.Ask<ActorIdentity>(new Identify(null));
        await cluster.LeaveAsync();

        var follower = CreateTestProbe();
        await Eventually.HoldsAsync(
            () =>
            {
                roster.Tell(RemovedNodesActor.Follow.Instance, follower);
                return follower.HasMessages;
            },
            "the roster has recorded the removal"
        );
        var removed = follower.ExpectMsg<RemovedNodesActor.Removed>();
        Assert.Equal(("n1", true), (removed.Node, removed.Planned));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_downed_member_is_recorded_as_planned_only_if_it_was_leaving(bool leaves)
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress);
        // Joining completes before SelfMember shows it.
        await Eventually.HoldsAsync(
            () => cluster.SelfMember.Status == MemberStatus.Up,
            "the member is up"
        );
        var roster = Sys.ActorOf(RemovedNodesActor.Props(TimeProvider.System));
        roster.Tell(RemovedNodesActor.Follow.Instance, TestActor);

        var leaving = cluster.SelfMember.Copy(MemberStatus.Leaving);
        var removed = leaving.Copy(MemberStatus.Down).Copy(MemberStatus.Removed);
        if (leaves)
            roster.Tell(new ClusterEvent.MemberLeft(leaving));
        roster.Tell(new ClusterEvent.MemberRemoved(removed, MemberStatus.Down));

        Assert.Equal(leaves, FishForMessage<RemovedNodesActor.Removed>(static _ => true).Planned);
    }

    [Fact]
    public void The_scheduler_is_informed_once_a_removed_node_is_surely_dead()
    {
        RemovedNodeState? word = new(Removed: true, Silent: TimeSpan.Zero);
        var (scheduler, departures) = Start((_, _) => Task.FromResult<RemovedNodeState?>(word));
        departures.Tell(Removed("n1"));
        scheduler.ExpectNoMsg(TimeSpan.FromMilliseconds(600));
        word = word with { Silent = TimeSpan.FromSeconds(12) };
        scheduler.ExpectMsg(new NodeLeft("n1", Planned: false));
        scheduler.ExpectNoMsg(TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void A_node_that_returns_is_not_reported_as_lost()
    {
        var (scheduler, departures) = Start((_, _) => Task.FromResult<RemovedNodeState?>(null));
        departures.Tell(Removed("n1"));
        departures.Tell(Removed("n2"));
        departures.Tell(new RemovedNodesActor.NodeReturned("n1"));
        scheduler.ExpectMsg(new NodeLeft("n2", Planned: false));
        scheduler.ExpectNoMsg(TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public void An_unavailable_store_is_asked_again()
    {
        var unavailable = true;
        var (scheduler, departures) = Start(
            (_, _) =>
                unavailable
                    ? throw new TimeoutException()
                    : Task.FromResult<RemovedNodeState?>(null)
        );
        departures.Tell(Removed("n1"));
        scheduler.ExpectNoMsg(TimeSpan.FromMilliseconds(600));
        unavailable = false;
        scheduler.ExpectMsg(new NodeLeft("n1", Planned: false));
    }

    [Fact]
    public void A_never_seen_node_is_lost_once_surely_dead_unless_it_returns()
    {
        var spans = new ConcurrentQueue<TimeSpan>();
        var (scheduler, departures) = Start(
            (_, _) => Task.FromResult<RemovedNodeState?>(null),
            (node, unvouched) =>
            {
                if (node == "n1")
                    spans.Enqueue(unvouched);
                return Task.FromResult(
                    new UnseenNodeState(IsLost: unvouched > TimeSpan.Zero, spans.Count < 2)
                );
            }
        );
        departures.Tell(new LostNodeDetector.NeverSeen("n1"));
        departures.Tell(new LostNodeDetector.NeverSeen("n2"));
        departures.Tell(new LostNodeDetector.NeverSeen("n1"));
        departures.Tell(new RemovedNodesActor.NodeReturned("n2"));
        scheduler.ExpectMsg(new NodeLeft("n1", Planned: false), TimeSpan.FromSeconds(10));
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], spans.Take(2));
    }

    private (TestProbe Scheduler, IActorRef Departures) Start(
        Func<string, int, Task<RemovedNodeState?>> word,
        Func<string, TimeSpan, Task<UnseenNodeState>>? absence = null
    )
    {
        var scheduler = CreateTestProbe();
        var rules = new LostNodeRules(
            word,
            absence ?? ((_, _) => Task.FromResult(new UnseenNodeState())),
            TimeSpan.Zero,
            TimeSpan.FromSeconds(11)
        );
        return (
            scheduler,
            scheduler.ChildActorOf(
                LostNodeDetector.Props(ActorRefs.Nobody, rules, TimeProvider.System),
                "lost-node-detector"
            )
        );
    }

    private static RemovedNodesActor.Removed Removed(string node) =>
        new(node, Session: 1, false, At: 0);
}
