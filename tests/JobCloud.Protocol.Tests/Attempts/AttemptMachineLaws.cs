using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Protocol.Tests.Attempts;

public sealed class AttemptMachineLaws
{
    private const long Grace = 1_000;

    /// <summary>An event and its delay after the previous one, ms.</summary>
    public sealed record Moment(AttemptEvent Signal, int Later);

    public static class Moments
    {
        public static Arbitrary<Moment> Any() =>
            (
                from signal in Gen.Elements<AttemptEvent>(
                    new AttemptEvent.Spawned(),
                    new AttemptEvent.SpawnFailed("no such file", 1),
                    new AttemptEvent.Exited(OthersLeft: false, Grace),
                    new AttemptEvent.Exited(OthersLeft: true, Grace),
                    new AttemptEvent.Emptied(),
                    new AttemptEvent.Stop(Grace),
                    new AttemptEvent.Stop(Grace / 10, WithNode: true),
                    new AttemptEvent.RuntimeOver(Grace),
                    new AttemptEvent.Fence(),
                    new AttemptEvent.OutOfMemory(),
                    new AttemptEvent.TooManyProcesses(),
                    new AttemptEvent.LeftCgroup(),
                    new AttemptEvent.Failed(),
                    new AttemptEvent.Woken()
                )
                from later in Gen.Choose(0, (int)Grace)
                select new Moment(signal, later)
            ).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Moments)])]
    public void Every_order_of_events_can_end_with_exactly_one_report(Moment[] moments)
    {
        var (phase, actions) = Fold([.. moments, .. TheRest(OthersLeft: true)]);

        Assert.IsType<AttemptPhase.Ended>(phase);
        Assert.Single(actions.OfType<AttemptAction.Report>());
    }

    [Property(Arbitrary = [typeof(Moments)])]
    public void An_attempt_reports_only_its_end_and_starts_once(Moment[] moments)
    {
        var (phase, actions) = Fold(moments);

        Assert.Equal(
            phase is AttemptPhase.Ended ? 1 : 0,
            actions.Count(a => a is AttemptAction.Report)
        );
        Assert.Single(actions.OfType<AttemptAction.Spawn>());
        Assert.True(actions.Count(a => a is AttemptAction.Announce) <= 1);
    }

    [Property(Arbitrary = [typeof(Moments)])]
    public void Kill_comes_after_terminate_unless_fenced_over_a_limit_or_failed(Moment[] moments)
    {
        var (phase, actions) = Fold([
            .. moments.Where(m =>
                m.Signal
                    is not (
                        AttemptEvent.Fence
                        or AttemptEvent.OutOfMemory
                        or AttemptEvent.TooManyProcesses
                        or AttemptEvent.LeftCgroup
                        or AttemptEvent.Failed
                    )
            ),
        ]);

        var kill = actions.FindIndex(a => a is AttemptAction.Kill);
        if (kill < 0 || phase is AttemptPhase.Ended)
            return;
        var terminate = actions.FindIndex(a => a is AttemptAction.Terminate);
        Assert.InRange(terminate, 0, kill);
    }

    [Property(Arbitrary = [typeof(Moments)])]
    public void A_waiting_phase_has_requested_a_wake_up(Moment[] moments)
    {
        var (phase, actions) = Fold(moments);

        var killAt = phase switch
        {
            AttemptPhase.Terminating t => t.KillAt,
            AttemptPhase.Emptying d => d.KillAt,
            _ => null,
        };
        if (killAt is { } at)
            Assert.Contains(new AttemptAction.WakeAt(at), actions);
        if (phase is AttemptPhase.Killing or AttemptPhase.Emptying { KillAt: null })
            Assert.IsType<AttemptAction.WakeAt>(actions[^1]);
    }

    /// <summary>Events that end any attempt: its process starts, exits, and leaves none.</summary>
    private static Moment[] TheRest(bool OthersLeft) =>
        [
            new(new AttemptEvent.Spawned(), 0),
            new(new AttemptEvent.Exited(OthersLeft, Grace), 0),
            new(new AttemptEvent.Emptied(), 0),
        ];

    private static (AttemptPhase Phase, List<AttemptAction> Actions) Fold(Moment[] moments)
    {
        var step = AttemptMachine.Begin();
        var actions = step.Actions.ToList();
        var phase = step.Phase;
        long now = 0;
        foreach (var moment in moments)
        {
            now += moment.Later;
            step = AttemptMachine.Step(phase, moment.Signal, now);
            phase = step.Phase;
            actions.AddRange(step.Actions);
        }
        return (phase, actions);
    }
}
