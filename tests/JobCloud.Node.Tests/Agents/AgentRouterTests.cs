using Akka.Actor;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

public sealed class AgentRouterTests : ActorTest
{
    private readonly IActorRef _router;
    private IActorRef? _listener;

    public AgentRouterTests()
        : base(Silent) =>
        _router = Sys.ActorOf(AgentRouter.Props("n1", TestActor, self => _listener = self));

    public static TheoryData<object> Messages =>
        [
            new StartAttempts { Node = "n1" },
            new RecallAttempts { Node = "n1" },
            new StopAttempts { Node = "n1" },
            new CheckAttempts { Node = "n1" },
            new ReportsAccepted { Node = "n1" },
            new ForgetJobs { Node = "n1" },
            new ReadOutput { Node = "n1" },
            new ReadAttempts { Node = "n1" },
            new ReadPorts { Node = "n1" },
        ];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_for_this_node_goes_to_its_agent_and_keeps_its_sender(object message)
    {
        var sender = CreateTestProbe();
        _router.Tell(message, sender);
        ExpectMsg<object>(
            (received, from) =>
            {
                Assert.Same(message, received);
                Assert.Equal(sender.Ref, from);
            }
        );
    }

    [Fact]
    public void A_message_for_another_node_goes_there_while_it_is_a_member()
    {
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        Sys.ActorOf(Props.Create(() => new OtherAgent(TestActor)), "agent");
        AwaitAssert(() => Assert.NotNull(_listener));
        _listener.Tell(new ClusterNodes.NodeUp("n2", address, []));
        _router.Tell(new ForgetJobs { Node = "n2" });
        ExpectMsg<ForgetJobs>();
        _listener.Tell(new ClusterNodes.NodeDown("n2"));
        _router.Tell(new ForgetJobs { Node = "n2" });
        _router.Tell(new ReadAttempts { Node = "n2" }, TestActor);
        Assert.Empty(ExpectMsg<AttemptsRead>().Answers);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void The_files_of_an_attempt_are_found_after_its_node_was_renamed()
    {
        var address = ((ExtendedActorSystem)Sys).Provider.DefaultAddress;
        AwaitAssert(() => Assert.NotNull(_listener));
        _listener.Tell(new ClusterNodes.NodeUp("n1", address, ["lap1"]));

        _router.Tell(new ReadOutput { Node = "lap1" });
        ExpectMsg<ReadOutput>();
        _router.Tell(new StopAttempts { Node = "lap1" });
        _router.Tell(new ForgetJobs { Node = "lap1" });
        ExpectMsg<ForgetJobs>();
    }

    [Fact]
    public void The_only_node_has_the_attempts_recorded_under_any_name()
    {
        var alone = Sys.ActorOf(AgentRouter.Props("n1", TestActor, _ => { }, null, isAlone: true));

        alone.Tell(new ReadOutput { Node = "lap1" });

        Assert.Equal("lap1", ExpectMsg<ReadOutput>().Node);
    }

    [Fact]
    public void Readers_of_an_absent_node_get_an_empty_answer()
    {
        _router.Tell(new ReadOutput { Node = "n9" }, TestActor);
        Assert.True(ExpectMsg<OutputRead>().Missing);
        _router.Tell(new ReadAttempts { Node = "n9" }, TestActor);
        Assert.Empty(ExpectMsg<AttemptsRead>().Answers);
        _router.Tell(new ReadPorts { Node = "n9" }, TestActor);
        Assert.Empty(ExpectMsg<PortsRead>().Attempts);
    }

    [Fact]
    public void Forgotten_attempts_of_any_node_are_also_deleted_from_the_store()
    {
        var keeper = CreateTestProbe();
        var keeping = Sys.ActorOf(AgentRouter.Props("n1", TestActor, _ => { }, keeper));
        foreach (var node in new[] { "n1", "n9" })
        {
            keeping.Tell(new ForgetJobs { Node = node });
            Assert.Equal(node, keeper.ExpectMsg<ForgetJobs>().Node);
        }
    }

    private sealed class OtherAgent(IActorRef test) : UntypedActor
    {
        protected override void OnReceive(object message) => test.Forward(message);
    }
}
