using Akka.Actor;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Agents;

/// <content>No further jobs here: the node is drained, or stops.</content>
internal sealed partial class NodeAgentActor
{
    /// <summary>The node stops: what runs may go on for so long, and is then moved elsewhere.
    /// Answered with <see cref="WorkEnded"/> once nothing runs here and all ends are
    /// safe.</summary>
    public sealed record EndWork(TimeSpan Within);

    public sealed record WorkEnded
    {
        public static readonly WorkEnded Instance = new();
    }

    private const string Stopping = "the node is being stopped";

    private DrainRequest? _drained;
    private IActorRef? _leaver;

    // Ends that are accepted, and whose output is on its way to the store.
    private int _unkept;

    private bool TakesNothing => _drained is not null || _leaver is not null;

    private void Drain(DrainRequest drain)
    {
        _drained = drain.Undrain ? null : drain;
        Timers.Cancel(Tick.Evict);
        if (_drained is not null)
            _table.HandBackAll();
        if (_drained is { Force: true, DeadlineMs: 0 })
            Evict();
        else if (_drained is { DeadlineMs: > 0 })
            Timers.StartSingleTimer(
                Tick.Evict,
                Tick.Evict,
                TimeSpan.FromMilliseconds(drain.DeadlineMs)
            );
        Offer();
    }

    private void Leave(EndWork end)
    {
        _leaver = Sender;
        _table.HandBackAll();
        Timers.StartSingleTimer(nameof(EndWork), Tick.Evict, end.Within);
        Offer();
    }

    private void Evict()
    {
        foreach (var attempt in _table.EvictAll())
            StopProcess(attempt);
    }

    private void TellLeaver()
    {
        if (_table.All.Count == 0 && _unkept == 0)
            _leaver?.Tell(WorkEnded.Instance);
    }
}
