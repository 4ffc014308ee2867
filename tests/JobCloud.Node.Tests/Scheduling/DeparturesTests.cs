using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Scheduling;

namespace JobCloud.Node.Tests.Scheduling;

public sealed class DeparturesTests() : TestKit(Settings)
{
    private const string Settings = """
        akka.actor.provider = cluster
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        akka.cluster.roles = ["node.n1"]
        akka.cluster.min-nr-of-members = 1
        # Else leaving ends the whole system, at times before anybody is told.
        akka.coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
        """;

    [Fact]
    public async Task A_member_that_leaves_by_itself_has_left_as_planned()
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress);
        var scheduler = CreateTestProbe();
        var departures = scheduler.ChildActorOf(
            Departures.Props(member =>
                member
                    .Roles.FirstOrDefault(role =>
                        role.StartsWith("node.", StringComparison.Ordinal)
                    )
                    ?[5..]
            ),
            "departures"
        );

        // Once it answers, it has subscribed.
        await departures.Ask<ActorIdentity>(new Identify(null));
        await cluster.LeaveAsync();

        scheduler.ExpectMsg(new NodeLeft("n1", Planned: true), TimeSpan.FromSeconds(20));
    }
}
