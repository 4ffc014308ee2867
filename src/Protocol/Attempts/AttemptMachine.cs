using static JobCloud.Protocol.Attempts.AttemptAction;
using static JobCloud.Protocol.Attempts.AttemptPhase;
using static JobCloud.Protocol.Attempts.AttemptSignal;

namespace JobCloud.Protocol.Attempts;

/// <summary>The life of one attempt's processes, as a table; README.md has the diagram.</summary>
public static class AttemptMachine
{
    /// <summary>Between two SIGKILLs, ms: a process may fork between the search and the
    /// signal.</summary>
    public const long KillAgainMs = 50;

    private const string Stopped = "it was stopped before it was started";
    private const string Fenced = "the node lost touch with the cloud before it was started";

    private static readonly Killing ToKilling = new();
    private static readonly Terminate SendTerm = new();
    private static readonly Kill SendKill = new();
    private static readonly AttemptStep Run = new(new Running(), [new Announce()]);
    private static readonly AttemptStep End = new(new Ended(), [new Report()]);

    /// <summary>A new attempt. The only place that asks for a start.</summary>
    public static AttemptStep Begin() => new(new Spawning(), [new Spawn()]);

    /// <summary>What follows when <paramref name="signal"/> comes at <paramref name="now"/> (ms).
    /// A signal that means nothing in this phase changes nothing.</summary>
    public static AttemptStep Step(AttemptPhase phase, AttemptSignal signal, long now)
    {
        var step = Next(phase, signal, now);
        var causes = phase.Causes | CauseOf(phase, signal);
        return step.Phase.Causes == causes
            ? step
            : step with
            {
                Phase = step.Phase with { Causes = causes },
            };
    }

    private static EndCauses CauseOf(AttemptPhase phase, AttemptSignal signal) =>
        (phase, signal) switch
        {
            (Ended, _) => EndCauses.None,
            (_, Fence) => EndCauses.Fenced,
            (not Spawning, OutOfMemory) => EndCauses.OutOfMemory,
            (Running, RuntimeOver) => EndCauses.OverMaxRuntime,
            (Spawning or Running, Stop { WithNode: true }) => EndCauses.NodeStopped,
            _ => EndCauses.None,
        };

    private static AttemptStep Next(AttemptPhase phase, AttemptSignal signal, long now) =>
        (phase, signal) switch
        {
            (Spawning, Spawned) => Run,
            (Spawning, SpawnFailed f) => Unstarted(new(f.Why, f.At)),
            (Spawning, Stop) => Unstarted(new(Stopped)),
            (Spawning, Fence) => Unstarted(new(Fenced)),

            (Running, Stop s) => Terminated(now + s.GraceMs),
            (Running, RuntimeOver r) => Terminated(now + r.GraceMs),
            (Running, Exited { OthersLeft: true } e) => Drained(now + e.GraceMs),

            (Terminating t, Stop s) when now + s.GraceMs < t.KillAt => new(
                new Terminating(now + s.GraceMs),
                [new WakeAt(now + s.GraceMs)]
            ),
            (Terminating t, Woken) when now >= t.KillAt => Killed(ToKilling, now),
            (Terminating t, Exited { OthersLeft: true }) => new(new Draining(t.KillAt), []),

            (Killing, Woken) => Killed(ToKilling, now),
            (Killing, Exited { OthersLeft: true }) => Killed(new Draining(null), now),
            (Running or Terminating, Fence or OutOfMemory) => Killed(ToKilling, now),
            (Running or Terminating or Killing, Exited { OthersLeft: false }) => End,

            (Draining, Emptied) => End,
            (Draining d, Stop s) when now + s.GraceMs < d.KillAt => new(
                new Draining(now + s.GraceMs),
                [new WakeAt(now + s.GraceMs)]
            ),
            (Draining d, Woken) when d.KillAt is null || now >= d.KillAt => Killed(
                new Draining(null),
                now
            ),
            (Draining { KillAt: not null }, Fence or OutOfMemory) => Killed(
                new Draining(null),
                now
            ),

            (Ended, Spawned) => new(phase, [SendKill]),
            _ => new(phase, []),
        };

    private static AttemptStep Unstarted(NotStarted why) => new(new Ended(why), [new Report()]);

    private static AttemptStep Terminated(long killAt) =>
        new(new Terminating(killAt), [SendTerm, new WakeAt(killAt)]);

    private static AttemptStep Drained(long killAt) =>
        new(new Draining(killAt), [SendTerm, new WakeAt(killAt)]);

    private static AttemptStep Killed(AttemptPhase next, long now) =>
        new(next, [SendKill, new WakeAt(now + KillAgainMs)]);
}
