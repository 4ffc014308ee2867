using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Tests.Hosting;

public sealed class TimerSchedulerTests()
    : TestKit(
        ConfigurationFactory.ParseString(
            "akka.scheduler.implementation = \"JobCloud.Node.Daemon.Hosting.TimerScheduler, jobcloud-node\""
        )
    )
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void It_is_the_schedulers_of_a_system() => Assert.IsType<TimerScheduler>(Sys.Scheduler);

    [Fact]
    public void A_message_comes_once_and_not_before_its_time()
    {
        var asked = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(40), TestActor, "due", TestActor);

        ExpectMsg("due");

        // The runtime's timers go by the kernel's coarse clock, whose ticks are up to 10 ms long.
        Assert.True(Sys.Scheduler.MonotonicClock - asked >= TimeSpan.FromMilliseconds(30));
        ExpectNoMsg(TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void A_repeated_message_comes_until_it_is_cancelled()
    {
        var cancel = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellRepeatedly(Short, Short, TestActor, "tick", TestActor, cancel);
        for (var i = 0; i < 5; i++)
            ExpectMsg("tick");

        cancel.Cancel();

        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(50), TestActor, "last", TestActor);
        FishForMessage<string>(m => m == "last");
        ExpectNoMsg(TimeSpan.FromMilliseconds(30));
    }

    [Fact]
    public void What_was_cancelled_in_time_never_comes()
    {
        var cancel = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellOnce(Short, TestActor, "never", TestActor, cancel);
        cancel.Cancel();
        Sys.Scheduler.ScheduleTellOnce(10 * Short, TestActor, "last", TestActor);

        ExpectMsg("last");
    }

    [Fact]
    public void An_action_that_fails_is_logged_and_comes_again()
    {
        var count = 0;
        EventFilter
            .Exception<InvalidOperationException>()
            .Expect(
                1,
                () =>
                    Sys.Scheduler.Advanced.ScheduleRepeatedly(
                        Short,
                        Short,
                        () =>
                        {
                            if (Interlocked.Increment(ref count) == 1)
                                throw new InvalidOperationException("once");
                        }
                    )
            );
        AwaitCondition(() => Volatile.Read(ref count) > 2);
    }

    [Fact]
    public async Task Nothing_comes_once_the_system_has_ended()
    {
        var count = 0;
        Sys.Scheduler.Advanced.ScheduleRepeatedly(
            Short,
            Short,
            () => Interlocked.Increment(ref count)
        );
        AwaitCondition(() => Volatile.Read(ref count) > 0);

        await Sys.Terminate();

        var after = Volatile.Read(ref count);
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => Interlocked.Increment(ref count));
        var later = new TaskCompletionSource();
        await using var timer = new Timer(
            _ => later.SetResult(),
            null,
            10 * Short,
            Timeout.InfiniteTimeSpan
        );
        await later.Task;
        Assert.Equal(after, Volatile.Read(ref count));
    }
}
