using JobCloud.Node.Daemon.Agents;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Agents;

public sealed class PortQuestionsTests : AgentTest
{
    [Fact]
    public void Port_questions_are_answered_independently()
    {
        var agent = StartAgent();
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        var awaited = new AwaitedPort { Transport = Transport.Udp, Port = 53 };
        agent.Tell(
            new ReadPorts
            {
                Attempts = { Key(1) },
                Awaited = awaited,
                WaitMs = 100,
            },
            first
        );
        agent.Tell(new ReadPorts { Attempts = { Key(2) } }, second);
        AwaitAssert(() => Assert.Equal(2, Questions().Length));
        var (one, two) = (Questions()[0], Questions()[1]);
        Assert.Equal((awaited, 100), (one.Awaited, one.WaitMs));
        Assert.Equal(new AskedAttempt { Jid = 2, Attempt = 1 }, Assert.Single(two.Attempts));

        Executor.Deliver(Found(two.Request, 2));
        Executor.Deliver(Found(two.Request, 2));
        Executor.Deliver(Found(one.Request, 1));

        Assert.Equal(2, Assert.Single(second.ExpectMsg<PortsRead>().Attempts).Jid);
        Assert.Equal(1, Assert.Single(first.ExpectMsg<PortsRead>().Attempts).Jid);
        second.ExpectNoMsg(Short);
    }

    [Fact]
    public void Port_questions_are_answered_when_the_connection_breaks()
    {
        var agent = StartAgent();
        agent.Tell(new ReadPorts { Attempts = { Key(1) }, WaitMs = 1000 }, TestActor);
        AwaitAssert(() => Assert.Single(Questions()));
        Executor.Tell(new ExecutorUpdate.Disconnected("gone"));
        Assert.Empty(ExpectMsg<PortsRead>().Attempts);
    }

    private FindPorts[] Questions() =>
        [.. Executor.Received.Where(m => m.Ports is not null).Select(m => m.Ports)];

    private static FromExecutor Found(long request, long jid) =>
        new()
        {
            Ports = new PortsFound
            {
                Request = request,
                Attempts =
                {
                    new AttemptPorts { Jid = jid, Attempt = 1 },
                },
            },
        };
}
