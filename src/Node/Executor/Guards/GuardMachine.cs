using JobCloud.Node.Executor.Nodes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Guards;

/// <summary>What has become of the executor that the guard watches.</summary>
internal enum GuardedExecutor
{
    Alive,
    EndedInOrder,
    Dead,
}

/// <summary>The executor of the home after the one that the guard watched.</summary>
internal enum NextExecutor
{
    None,

    /// <summary>It holds the lock of the home, or is about to take it.</summary>
    Starting,

    /// <summary>It listens, and has a guard of its own.</summary>
    Listening,
}

/// <summary>What the guard does next.</summary>
internal enum GuardAction
{
    Wait,

    /// <summary>Continues the executor, which a signal has stopped.</summary>
    Continue,

    /// <summary>Kills what the dead executor left.</summary>
    Sweep,

    StartExecutor,
    Leave,
}

/// <summary>The state machine of the guard.</summary>
/// <param name="Restarts">False: it only sweeps, because the executor supervises no node.</param>
/// <param name="Since">When the guard started, ms.</param>
/// <param name="Delay">The delay of the executor's restart.</param>
/// <param name="StartAt">When the next executor may start, ms; null: the executor is alive.</param>
/// <param name="Stopped">Whether the executor is stopped by a signal.</param>
internal sealed record GuardMachine(
    bool Restarts,
    long Since,
    RestartDelay Delay,
    long? StartAt = null,
    StoppedWatch Stopped = default
)
{
    /// <summary>Delays before the restart of an executor that died soon after its start,
    /// ms.</summary>
    private const long DelayFirstMs = 100,
        DelayMaxMs = 10_000;

    /// <summary>The state after a look at <paramref name="now"/> (ms).</summary>
    public GuardMachine Look(
        GuardedExecutor executor,
        bool isStopped,
        NextExecutor next,
        long now,
        out GuardAction action
    )
    {
        if (StartAt is { } startAt)
            return LookForNext(next, startAt, now, out action);
        if (executor == GuardedExecutor.Alive)
        {
            var stopped = Stopped.Look(isStopped, now, out var isDue);
            action = isDue ? GuardAction.Continue : GuardAction.Wait;
            return this with { Stopped = stopped };
        }
        if (executor == GuardedExecutor.EndedInOrder)
        {
            action = GuardAction.Leave;
            return this;
        }
        action = GuardAction.Sweep;
        var delay = Delay.After(now - Since, DelayFirstMs, DelayMaxMs);
        return this with { Delay = delay, StartAt = now + delay.Current };
    }

    /// <summary>The executor is dead and its processes are killed. The guard stays until another
    /// executor listens: only that one is sure to have a guard.</summary>
    private GuardMachine LookForNext(
        NextExecutor next,
        long startAt,
        long now,
        out GuardAction action
    )
    {
        action =
            !Restarts || next == NextExecutor.Listening ? GuardAction.Leave
            : next == NextExecutor.None && now >= startAt ? GuardAction.StartExecutor
            : GuardAction.Wait;
        if (action != GuardAction.StartExecutor)
            return this;
        var delay = Delay.After(0, DelayFirstMs, DelayMaxMs);
        return this with { Delay = delay, StartAt = now + delay.Current };
    }
}
