using Akka.Actor;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Tests.Store;

public sealed class SingletonSupervisorTests : ActorTest
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void A_stopped_singleton_is_restarted()
    {
        var supervisor = Sys.ActorOf(
            SingletonSupervisor.Props(Props.Create<Counting>(), Pause, 4 * Pause)
        );
        for (var life = 0; life < 3; life++)
        {
            AwaitAssert(() =>
            {
                supervisor.Tell("count", TestActor);
                Assert.Equal(1, ExpectMsg<int>(TimeSpan.FromMilliseconds(100)));
            });
            supervisor.Tell("stop", TestActor);
            AwaitAssert(() => ExpectMsg("stopped", TimeSpan.FromMilliseconds(100)));
        }
    }

    [Fact]
    public void The_supervisor_stops_on_a_poison_pill()
    {
        var supervisor = Watch(
            Sys.ActorOf(SingletonSupervisor.Props(Props.Create<Counting>(), Pause, 4 * Pause))
        );
        supervisor.Tell(PoisonPill.Instance);
        ExpectTerminated(supervisor);
    }

    /// <summary>Counts its messages since its start.</summary>
    private sealed class Counting : ReceiveActor
    {
        private int _count;

        public Counting()
        {
            Receive<string>(
                message => message == "stop",
                _ =>
                {
                    Sender.Tell("stopped");
                    Context.Stop(Self);
                }
            );
            Receive<string>(_ => Sender.Tell(++_count));
        }
    }
}
