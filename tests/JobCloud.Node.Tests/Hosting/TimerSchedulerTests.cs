using Akka.Actor;
using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Tests.Hosting;

public sealed class TimerSchedulerTests()
    : ActorTest(
        "akka.scheduler.implementation = \"JobCloud.Node.Daemon.Hosting.TimerScheduler, jobcloud-node\""
    )
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void The_actor_system_uses_the_timer_scheduler() =>
        Assert.IsType<TimerScheduler>(Sys.Scheduler);

    [Fact]
    public void A_message_is_delivered_once_and_not_early()
    {
        var started = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(40), TestActor, "due", TestActor);

        ExpectMsg("due");

        // The runtime's timers use the kernel's coarse clock, whose ticks are up to 10 ms long.
        Assert.True(Sys.Scheduler.MonotonicClock - started >= TimeSpan.FromMilliseconds(30));
        ExpectNoMsg(TimeSpan.FromMilliseconds(60));
    }

    [Fact]
    public void A_repeated_message_is_delivered_until_cancelled()
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
    public void A_cancelled_message_is_never_delivered()
    {
        var cancel = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellOnce(Short, TestActor, "never", TestActor, cancel);
        cancel.Cancel();
        Sys.Scheduler.ScheduleTellOnce(10 * Short, TestActor, "last", TestActor);

        ExpectMsg("last");
    }

    [Fact]
    public void A_failed_action_is_logged_and_repeated()
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
    public async Task No_action_runs_after_the_system_terminated()
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
