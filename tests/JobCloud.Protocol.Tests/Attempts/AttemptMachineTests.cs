using JobCloud.Protocol.Attempts;
using static JobCloud.Protocol.Attempts.AttemptEvent;
using static JobCloud.Protocol.Attempts.AttemptPhase;

namespace JobCloud.Protocol.Tests.Attempts;

public sealed class AttemptMachineTests
{
    private const long Now = 10_000;
    private static readonly NotStarted Stopped = new("it was stopped before it started");
    private static readonly NotStarted Fenced = new(
        "the node lost contact with the cloud before it started"
    );

    public static TheoryData<AttemptPhase, AttemptEvent, AttemptPhase, string> Table =>
        new()
        {
            { new Spawning(), new Spawned(), new Running(), "Announce" },
            { new Spawning(), new SpawnFailed("no", 7), new Ended(new("no", 7)), "Report" },
            {
                new Spawning(),
                new SpawnFailed("no", 7, IsPassing: true),
                new Ended(new("no", 7, IsPassing: true)),
                "Report"
            },
            { new Spawning(), new Stop(500), new Ended(Stopped), "Report" },
            { new Spawning(), new Fence(), new Ended(Fenced).By(EndCauses.Fenced), "Report" },
            { new Spawning(), new Woken(), new Spawning(), "" },
            { new Running(), new Exited(false, 500), new Ended(), "Report" },
            { new Running(), new Exited(true, 500), new Emptying(10_500), "Terminate WakeAt" },
            { new Running(), new Stop(500), new Terminating(10_500), "Terminate WakeAt" },
            {
                new Running(),
                new RuntimeOver(500),
                new Terminating(10_500).By(EndCauses.OverMaxRuntime),
                "Terminate WakeAt"
            },
            {
                new Running(),
                new Stop(500, WithNode: true),
                new Terminating(10_500).By(EndCauses.NodeStopped),
                "Terminate WakeAt"
            },
            { new Running(), new Fence(), new Killing().By(EndCauses.Fenced), "Kill WakeAt" },
            {
                new Running(),
                new OutOfMemory(),
                new Killing().By(EndCauses.OutOfMemory),
                "Kill WakeAt"
            },
            { new Running(), new Woken(), new Running(), "" },
            { new Running(), new Spawned(), new Running(), "" },
            { new Terminating(10_500), new Woken(), new Terminating(10_500), "" },
            { new Terminating(10_000), new Woken(), new Killing(), "Kill WakeAt" },
            { new Terminating(10_500), new Stop(100), new Terminating(10_100), "WakeAt" },
            { new Terminating(10_500), new Stop(900), new Terminating(10_500), "" },
            { new Terminating(10_500), new Stop(900, true), new Terminating(10_500), "" },
            { new Terminating(10_500), new RuntimeOver(1), new Terminating(10_500), "" },
            {
                new Terminating(10_500).By(EndCauses.NodeStopped),
                new Fence(),
                new Killing().By(EndCauses.NodeStopped | EndCauses.Fenced),
                "Kill WakeAt"
            },
            {
                new Killing().By(EndCauses.Fenced),
                new Exited(false, 9),
                new Ended().By(EndCauses.Fenced),
                "Report"
            },
            { new Terminating(10_500), new Exited(true, 9), new Emptying(10_500), "" },
            { new Terminating(10_500), new Exited(false, 9), new Ended(), "Report" },
            { new Killing(), new Woken(), new Killing(), "Kill WakeAt" },
            { new Killing(), new Exited(true, 9), new Emptying(null), "Kill WakeAt" },
            { new Killing(), new Exited(false, 9), new Ended(), "Report" },
            { new Emptying(10_500), new Woken(), new Emptying(10_500), "" },
            { new Emptying(10_000), new Woken(), new Emptying(null), "Kill WakeAt" },
            { new Emptying(null), new Woken(), new Emptying(null), "Kill WakeAt" },
            {
                new Emptying(10_500),
                new Fence(),
                new Emptying(null).By(EndCauses.Fenced),
                "Kill WakeAt"
            },
            {
                new Emptying(10_500),
                new OutOfMemory(),
                new Emptying(null).By(EndCauses.OutOfMemory),
                "Kill WakeAt"
            },
            { new Ended(), new Fence(), new Ended(), "" },
            { new Emptying(10_500), new Emptied(), new Ended(), "Report" },
            { new Ended(), new Emptied(), new Ended(), "" },
            { new Ended(), new Stop(1), new Ended(), "" },
            { new Ended(), new Spawned(), new Ended(), "Kill" },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public void Each_event_has_its_step_in_each_phase(
        AttemptPhase phase,
        AttemptEvent signal,
        AttemptPhase next,
        string actions
    )
    {
        var step = AttemptMachine.Step(phase, signal, Now);

        Assert.Equal(next, step.Phase);
        Assert.Equal(actions, string.Join(' ', step.Actions.Select(a => a.GetType().Name)));
    }
}

internal static class Caused
{
    public static AttemptPhase By(this AttemptPhase phase, EndCauses causes) =>
        phase with
        {
            Causes = causes,
        };
}
