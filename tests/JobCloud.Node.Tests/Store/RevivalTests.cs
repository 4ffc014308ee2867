using Akka.Actor;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Tests.Store;

public sealed class RevivalTests : TestKit
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    [Fact]
    public void What_the_store_stopped_is_started_again()
    {
        var kept = Sys.ActorOf(Revival.Props(Props.Create<Counting>(), Pause, 4 * Pause));
        for (var life = 0; life < 3; life++)
        {
            AwaitAssert(() =>
            {
                kept.Tell("count", TestActor);
                Assert.Equal(1, ExpectMsg<int>(TimeSpan.FromMilliseconds(100)));
            });
            kept.Tell("stop", TestActor);
            AwaitAssert(() => ExpectMsg("stopped", TimeSpan.FromMilliseconds(100)));
        }
    }

    [Fact]
    public void It_ends_with_its_singleton()
    {
        var kept = Watch(Sys.ActorOf(Revival.Props(Props.Create<Counting>(), Pause, 4 * Pause)));
        kept.Tell(PoisonPill.Instance);
        ExpectTerminated(kept);
    }

    /// <summary>Counts what it was told in this life.</summary>
    private sealed class Counting : ReceiveActor
    {
        private int _count;

        public Counting()
        {
            Receive<string>(
                word => word == "stop",
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
