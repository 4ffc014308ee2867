using static JobCloud.Protocol.Attempts.AttemptAction;
using static JobCloud.Protocol.Attempts.AttemptEvent;
using static JobCloud.Protocol.Attempts.AttemptPhase;

namespace JobCloud.Protocol.Attempts;

/// <summary>The state machine of one attempt's processes; README.md has the diagram.</summary>
public static class AttemptMachine
{
    /// <summary>Interval of repeated SIGKILLs, ms: a process may fork between the search and the
    /// signal.</summary>
    public const long KillAgainMs = 50;

    private const string Stopped = "it was stopped before it started";
    private const string Fenced = "the node lost contact with the cloud before it started";

    private static readonly Killing ToKilling = new();
    private static readonly Terminate SendTerm = new();
    private static readonly Kill SendKill = new();
    private static readonly AttemptStep Run = new(new Running(), [new Announce()]);
    private static readonly AttemptStep End = new(new Ended(), [new Report()]);

    /// <summary>Begins a new attempt. No other step has a Spawn.</summary>
    public static AttemptStep Begin() => new(new Spawning(), [new Spawn()]);

    /// <summary>The step after <paramref name="signal"/> at <paramref name="now"/> (ms).
    /// A signal without a meaning in this phase changes nothing.</summary>
    public static AttemptStep Step(AttemptPhase phase, AttemptEvent signal, long now)
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

    private static EndCauses CauseOf(AttemptPhase phase, AttemptEvent signal) =>
        (phase, signal) switch
        {
            (Ended, _) => EndCauses.None,
            (_, Fence) => EndCauses.Fenced,
            (not Spawning, OutOfMemory) => EndCauses.OutOfMemory,
            (not Spawning, TooManyProcesses) => EndCauses.TooManyProcesses,
            (not Spawning, LeftCgroup) => EndCauses.LeftCgroup,
            (Running, RuntimeOver) => EndCauses.OverMaxRuntime,
            (Spawning or Running, Stop { WithNode: true }) => EndCauses.NodeStopped,
            _ => EndCauses.None,
        };

    private static AttemptStep Next(AttemptPhase phase, AttemptEvent signal, long now) =>
        (phase, signal) switch
        {
            (Spawning, Spawned) => Run,
            (Spawning, SpawnFailed f) => NeverStarted(new(f.Why, f.At, f.IsPassing)),
            (Spawning, Stop) => NeverStarted(new(Stopped)),
            (Spawning, Fence) => NeverStarted(new(Fenced)),

            (Running, Stop s) => ToTerminating(now + s.GraceMs),
            (Running, RuntimeOver r) => ToTerminating(now + r.GraceMs),
            (Running, Exited { OthersLeft: true } e) => ToEmptying(now + e.GraceMs),

            (Terminating t, Stop s) when now + s.GraceMs < t.KillAt => new(
                new Terminating(now + s.GraceMs),
                [new WakeAt(now + s.GraceMs)]
            ),
            (Terminating t, Woken) when now >= t.KillAt => KillInto(ToKilling, now),
            (Terminating t, Exited { OthersLeft: true }) => new(new Emptying(t.KillAt), []),

            (Killing, Woken) => KillInto(ToKilling, now),
            (Killing, Exited { OthersLeft: true }) => KillInto(new Emptying(null), now),
            (Running or Terminating, _) when KillsAtOnce(signal) => KillInto(ToKilling, now),
            (Running or Terminating or Killing, Exited { OthersLeft: false }) => End,

            (Emptying, Emptied) => End,
            (Emptying d, Stop s) when now + s.GraceMs < d.KillAt => new(
                new Emptying(now + s.GraceMs),
                [new WakeAt(now + s.GraceMs)]
            ),
            (Emptying d, Woken) when d.KillAt is null || now >= d.KillAt => KillInto(
                new Emptying(null),
                now
            ),
            (Emptying { KillAt: not null }, _) when KillsAtOnce(signal) => KillInto(
                new Emptying(null),
                now
            ),

            (Ended, Spawned) => new(phase, [SendKill]),
            _ => new(phase, []),
        };

    private static bool KillsAtOnce(AttemptEvent signal) =>
        signal is Fence or OutOfMemory or TooManyProcesses or LeftCgroup or Failed;

    private static AttemptStep NeverStarted(NotStarted why) => new(new Ended(why), [new Report()]);

    private static AttemptStep ToTerminating(long killAt) =>
        new(new Terminating(killAt), [SendTerm, new WakeAt(killAt)]);

    private static AttemptStep ToEmptying(long killAt) =>
        new(new Emptying(killAt), [SendTerm, new WakeAt(killAt)]);

    private static AttemptStep KillInto(AttemptPhase next, long now) =>
        new(next, [SendKill, new WakeAt(now + KillAgainMs)]);
}
