using Akka.Actor;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Rules that decide whether a removed node can still have live processes.</summary>
/// <param name="MarkRemoved">Marks a node's session as removed in the store and returns the store's
/// record of the node; null: there is none.</param>
/// <param name="Hold">How long a removed node may still believe that it is a member.</param>
/// <param name="DeathTime">From the time a node was last certain of its membership to the death of
/// its last process.</param>
/// <param name="CheckUnseen">Decides by <see cref="UnseenNodeLoss"/> whether a node that this cloud
/// has never seen is lost, given how long no node could vouch for it.</param>
internal sealed record LostNodeRules(
    Func<string, int, Task<RemovedNodeState?>> MarkRemoved,
    Func<string, TimeSpan, Task<UnseenNodeState>> CheckUnseen,
    TimeSpan Hold,
    TimeSpan DeathTime
);

/// <param name="IsLost">The node is lost: none of its processes is alive.</param>
/// <param name="IsVouchedFor">The node is a member, or another node could vouch for it: its time
/// starts over.</param>
internal readonly record struct UnseenNodeState(bool IsLost, bool IsVouchedFor);

/// <summary>Informs its parent of each node that is lost: one that the cluster has removed, or one
/// that the parent has named and the cloud has never seen, once no process of it can be
/// alive.</summary>
internal sealed class LostNodeDetector : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AbsentCheckInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, RemovedNodesActor.Removed> _pending = [];

    /// <summary>For each node that the cloud has never seen, since when no node could vouch for it;
    /// null: not known yet.</summary>
    private readonly Dictionary<string, long?> _absent = [];
    private readonly IActorRef _roster;

    public LostNodeDetector(IActorRef roster, LostNodeRules rules, TimeProvider clock)
    {
        _roster = roster;
        Receive<RemovedNodesActor.Removed>(removed =>
        {
            _pending[removed.Node] = removed;
            Look();
        });
        Receive<RemovedNodesActor.NodeReturned>(back =>
        {
            _pending.Remove(back.Node);
            _absent.Remove(back.Node);
        });
        Receive<RemovedNodesActor.Reach>(reach =>
            Context.Parent.Tell(new NodeReach(reach.Node, reach.IsReached))
        );
        Receive<NeverSeen>(unseen =>
        {
            _absent.TryAdd(unseen.Node, null);
            Look();
        });
        Receive<AbsentTick>(_ =>
        {
            foreach (var (node, since) in _absent)
                AskAsync(rules, node, since is { } at ? clock.GetElapsedTime(at) : TimeSpan.Zero)
                    .PipeTo(Self, failure: why => new StoreUnavailable(why.Message));
            Look();
        });
        Receive<AbsentChecked>(check =>
        {
            if (!_absent.TryGetValue(check.Node, out var since))
                return;
            _absent[check.Node] = check.Word.IsVouchedFor ? null : since ?? clock.GetTimestamp();
            if (!check.Word.IsLost)
                return;
            _absent.Remove(check.Node);
            Context.Parent.Tell(new NodeLeft(check.Node, Planned: false));
        });
        Receive<Tick>(_ =>
        {
            foreach (var removed in _pending.Values)
                AskAsync(rules, removed)
                    .PipeTo(Self, failure: why => new StoreUnavailable(why.Message));
            Look();
        });
        Receive<Checked>(check =>
        {
            var removed = check.Of;
            if (
                _pending.GetValueOrDefault(removed.Node) != removed
                || !RemovedNodeLoss.IsLost(
                    clock.GetElapsedTime(removed.At),
                    check.Word,
                    rules.Hold,
                    rules.DeathTime
                )
            )
                return;
            _pending.Remove(removed.Node);
            Context.Parent.Tell(new NodeLeft(removed.Node, removed.Planned));
        });
        // The next tick asks the store again; while it is unavailable, no job could be started
        // either.
        Receive<StoreUnavailable>(_ => { });
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Segments report attempts on a node that the cloud has never seen.</summary>
    public sealed record NeverSeen(string Node);

    private sealed record AbsentTick
    {
        public static readonly AbsentTick Instance = new();
    }

    private sealed record AbsentChecked(string Node, UnseenNodeState Word);

    private sealed record Checked(RemovedNodesActor.Removed Of, RemovedNodeState? Word);

    private sealed record StoreUnavailable(string Why);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef roster, LostNodeRules rules, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new LostNodeDetector(roster, rules, clock));

    protected override void PreStart() => _roster.Tell(RemovedNodesActor.Follow.Instance);

    private void Look()
    {
        if (_pending.Count > 0)
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, CheckInterval);
        if (_absent.Count > 0 && !Timers.IsTimerActive(nameof(AbsentTick)))
            Timers.StartSingleTimer(nameof(AbsentTick), AbsentTick.Instance, AbsentCheckInterval);
    }

    private static async Task<AbsentChecked> AskAsync(
        LostNodeRules rules,
        string node,
        TimeSpan unvouched
    ) => new(node, await rules.CheckUnseen(node, unvouched).ConfigureAwait(false));

    private static async Task<Checked> AskAsync(
        LostNodeRules rules,
        RemovedNodesActor.Removed removed
    ) => new(removed, await rules.MarkRemoved(removed.Node, removed.Session).ConfigureAwait(false));
}
