using JobCloud.Node.Executor.Guards;
using static JobCloud.Node.Executor.Guards.GuardAction;
using static JobCloud.Node.Executor.Guards.GuardedExecutor;
using static JobCloud.Node.Executor.Guards.NextExecutor;

namespace JobCloud.Node.Tests.Executor.Guards;

public sealed class GuardMachineTests
{
    private GuardMachine _guard = new(Restarts: true, Since: 0, new(0));

    [Fact]
    public void The_guard_waits_while_the_executor_is_alive_and_leaves_after_its_normal_end()
    {
        Assert.Equal(Wait, Look(1_000, Alive));
        Assert.Equal(Wait, Look(2_000, Alive));
        Assert.Equal(Leave, Look(3_000, EndedInOrder));
    }

    [Fact]
    public void After_a_long_life_of_the_executor_the_next_one_starts_at_once()
    {
        Assert.Equal(Sweep, Look(60_000, Dead));
        Assert.Equal(StartExecutor, Look(60_000, Dead));
        Assert.Equal(Wait, Look(60_010, Dead, Starting));
        Assert.Equal(Leave, Look(60_100, Dead, Listening));
    }

    [Fact]
    public void Short_lives_delay_the_next_executor_within_bounds()
    {
        Assert.Equal(Sweep, Look(5, Dead));
        var starts = new List<long>();
        for (var now = 5L; now < 60_000; now += 5)
        {
            if (Look(now, Dead) == StartExecutor)
                starts.Add(now);
        }
        var gaps = starts.Zip(starts.Skip(1), (a, b) => b - a);
        Assert.Equal(105, starts[0]);
        Assert.Equal([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000, 10_000], gaps);
    }

    [Fact]
    public void The_delay_of_the_executor_before_is_kept_when_this_one_is_short_lived_too()
    {
        _guard = _guard with { Delay = new(800) };

        Assert.Equal(Sweep, Look(10, Dead));
        Assert.Equal(Wait, Look(1_609, Dead));
        Assert.Equal(StartExecutor, Look(1_610, Dead));
    }

    [Fact]
    public void An_executor_that_another_process_starts_is_awaited_and_replaced_if_it_dies_early()
    {
        _ = Look(60_000, Dead);

        Assert.Equal(Wait, Look(60_000, Dead, Starting));
        Assert.Equal(Wait, Look(60_500, Dead, Starting));
        Assert.Equal(StartExecutor, Look(60_600, Dead));
    }

    [Fact]
    public void A_stopped_executor_is_continued()
    {
        Assert.Equal(Wait, Look(1_000, Alive, isStopped: true));
        Assert.Equal(Wait, Look(2_000, Alive, isStopped: true));
        Assert.Equal(Continue, Look(4_000, Alive, isStopped: true));
        Assert.Equal(Wait, Look(5_000, Alive));
    }

    [Fact]
    public void The_guard_of_an_executor_without_a_node_only_sweeps()
    {
        _guard = _guard with { Restarts = false };

        Assert.Equal(Sweep, Look(60_000, Dead));
        Assert.Equal(Leave, Look(60_000, Dead));
    }

    private GuardAction Look(
        long now,
        GuardedExecutor executor,
        NextExecutor next = None,
        bool isStopped = false
    )
    {
        _guard = _guard.Look(executor, isStopped, next, now, out var action);
        return action;
    }
}
