using Akka.Event;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Agents;

/// <content>The pauses of a node that lacks something to start jobs: descriptors, processes or
/// memory.</content>
internal sealed partial class NodeAgentActor
{
    private StartPause _pause = StartPause.None;

    private bool IsPaused => _pause.Forbids(Milliseconds());

    private string PauseReason =>
        _pause.IsOn ? $"it cannot start jobs for now, and tries again soon: {_pause.Why}" : "";

    /// <summary>Jobs that cannot start here wait in the cloud's queue and not here.</summary>
    private void PauseStarts(string why)
    {
        var now = Milliseconds();
        var pause = _pause.AfterFailure(why, now);
        if (pause == _pause)
            return;
        _pause = pause;
        _log.Warning(
            "Jobs cannot start for now: {0}. Trying again in {1} s.",
            why,
            (pause.Until - now) / 1000
        );
        _table.HandBackAll();
        Timers.StartSingleTimer(
            Tick.Resume,
            Tick.Resume,
            TimeSpan.FromMilliseconds(pause.Until - now)
        );
        Offer();
    }

    private long Milliseconds() => _time.Instant.ToUnixTimeMilliseconds();
}
