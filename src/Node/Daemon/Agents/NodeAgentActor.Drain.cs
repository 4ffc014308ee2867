using Akka.Actor;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Agents;

/// <content>Draining and stopping: the agent accepts no further jobs.</content>
internal sealed partial class NodeAgentActor
{
    /// <summary>The node stops. Running jobs may continue for the given time, then they are moved
    /// elsewhere. Answered with <see cref="HandoverDone"/> when no job runs here and all ends are
    /// committed.</summary>
    public sealed record BeginHandover(TimeSpan Within);

    public sealed record HandoverDone
    {
        public static readonly HandoverDone Instance = new();
    }

    private const string StoppingReason = "the node is stopping";

    private DrainRequest? _drained;
    private IActorRef? _handoverSender;

    // Number of accepted ends whose output is still being copied to the store.
    private int _unkept;

    private bool AcceptsNothing => _drained is not null || _handoverSender is not null;

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

    private void HandOver(BeginHandover end)
    {
        _handoverSender = Sender;
        _table.HandBackAll();
        Timers.StartSingleTimer(nameof(BeginHandover), Tick.Evict, end.Within);
        Offer();
    }

    private void Evict()
    {
        foreach (var attempt in _table.EvictAll())
            StopProcess(attempt);
    }

    private void ConfirmHandover()
    {
        if (_table.All.Count == 0 && _unkept == 0)
            _handoverSender?.Tell(HandoverDone.Instance);
    }
}
