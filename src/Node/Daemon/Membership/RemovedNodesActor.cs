using Akka.Actor;
using Akka.Cluster;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>
/// Records, from the start of this node, which nodes the cluster has removed: a scheduler that
/// starts because its predecessor's machine was lost must learn of that loss.
/// </summary>
internal sealed class RemovedNodesActor : ReceiveActor
{
    /// <summary>Subscribes the sender; it gets the removed nodes at once and every change after
    /// that.</summary>
    public sealed record Follow
    {
        public static readonly Follow Instance = new();
    }

    /// <param name="Session">The uid of its actor system.</param>
    /// <param name="Planned">The node left by itself or was leaving.</param>
    /// <param name="At">Timestamp of this actor's clock.</param>
    public sealed record Removed(string Node, int Session, bool Planned, long At);

    /// <summary>A node of this name is a member again.</summary>
    public sealed record NodeReturned(string Node);

    /// <summary>Whether the other members reach a node.</summary>
    public sealed record Reach(string Node, bool IsReached);

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<string, int> _present = [];

    /// <summary>Sessions that are leaving: if the others do not agree on that in time, such a
    /// session is downed.</summary>
    private readonly HashSet<int> _leaving = [];
    private readonly Dictionary<string, Removed> _removed = [];
    private readonly HashSet<int> _unreachable = [];
    private readonly HashSet<IActorRef> _followers = [];

    public RemovedNodesActor(TimeProvider clock)
    {
        Receive<ClusterEvent.MemberUp>(up =>
        {
            if (ClusterNodes.NodeOf(up.Member) is not { } node)
                return;
            _present[node] = up.Member.UniqueAddress.Uid;
            _removed.Remove(node);
            Tell(new NodeReturned(node));
            TellReach(up.Member);
        });
        Receive<ClusterEvent.UnreachableMember>(lost =>
        {
            _unreachable.Add(lost.Member.UniqueAddress.Uid);
            TellReach(lost.Member);
        });
        Receive<ClusterEvent.ReachableMember>(found =>
        {
            _unreachable.Remove(found.Member.UniqueAddress.Uid);
            TellReach(found.Member);
        });
        Receive<ClusterEvent.MemberLeft>(left => _leaving.Add(left.Member.UniqueAddress.Uid));
        Receive<ClusterEvent.MemberRemoved>(removed =>
        {
            var session = removed.Member.UniqueAddress.Uid;
            _unreachable.Remove(session);
            var planned =
                _leaving.Remove(session) || removed.PreviousStatus == MemberStatus.Exiting;
            // A restarted node may become a member before its earlier session is removed.
            if (
                ClusterNodes.NodeOf(removed.Member) is not { } node
                || (_present.TryGetValue(node, out var now) && now != session)
            )
                return;
            _present.Remove(node);
            _removed[node] = new Removed(node, session, planned, clock.GetTimestamp());
            Tell(_removed[node]);
        });
        Receive<Follow>(_ =>
        {
            _followers.Add(Context.Watch(Sender));
            foreach (var one in _removed.Values)
                Sender.Tell(one);
            foreach (var (node, session) in _present)
                if (_unreachable.Contains(session))
                    Sender.Tell(new Reach(node, false));
        });
        Receive<Terminated>(ended => _followers.Remove(ended.ActorRef));
    }

    public static Props Props(TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new RemovedNodesActor(clock));

    protected override void PreStart() =>
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.MemberUp),
            typeof(ClusterEvent.MemberLeft),
            typeof(ClusterEvent.MemberRemoved),
            typeof(ClusterEvent.IReachabilityEvent)
        );

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    // An earlier session of the node may still be a member that no node reaches.
    private void TellReach(Member member)
    {
        var session = member.UniqueAddress.Uid;
        if (
            ClusterNodes.NodeOf(member) is { } node
            && _present.TryGetValue(node, out var now)
            && now == session
        )
            Tell(new Reach(node, !_unreachable.Contains(session)));
    }

    private void Tell(object change)
    {
        foreach (var follower in _followers)
            follower.Tell(change);
    }
}
