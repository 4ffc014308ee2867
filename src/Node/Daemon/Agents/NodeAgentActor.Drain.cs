using Akka.Actor;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Agents;

/// <content>No further jobs here: the node is drained, or stops.</content>
public sealed partial class NodeAgentActor
{
    /// <summary>The node stops: what runs may go on for so long, and is then moved elsewhere. Answered
    /// with <see cref="WorkEnded"/> once nothing runs here and all ends are safe.</summary>
    public sealed record EndWork(TimeSpan Within);

    public sealed record WorkEnded
    {
        public static readonly WorkEnded Instance = new();
    }

    private const string Stopping = "the node is being stopped";

    private DrainRequest? drained;
    private IActorRef? leaver;

    // Ends that are accepted, and whose output is on its way to the store.
    private int unkept;

    private bool TakesNothing => drained is not null || leaver is not null;

    private void Drain(DrainRequest drain)
    {
        drained = drain.Undrain ? null : drain;
        Timers.Cancel(Tick.Evict);
        if (drained is not null)
            table.HandBackAll();
        if (drained is { Force: true, DeadlineMs: 0 })
            Evict();
        else if (drained is { DeadlineMs: > 0 })
            Timers.StartSingleTimer(
                Tick.Evict,
                Tick.Evict,
                TimeSpan.FromMilliseconds(drain.DeadlineMs)
            );
        Offer();
    }

    private void Leave(EndWork end)
    {
        leaver = Sender;
        table.HandBackAll();
        Timers.StartSingleTimer(nameof(EndWork), Tick.Evict, end.Within);
        Offer();
    }

    private void Evict()
    {
        foreach (var attempt in table.EvictAll())
            StopProcess(attempt);
    }

    private void TellLeaver()
    {
        if (table.All.Count == 0 && unkept == 0)
            leaver?.Tell(WorkEnded.Instance);
    }
}
