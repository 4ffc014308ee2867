using Akka.Actor;
using Akka.Cluster;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>
/// What a client does about members that it cannot reach: it never decides about them. Akka.NET has
/// the leader decide, which a client may be, as any member may; then it takes itself out, so that a
/// node is the leader. It comes back as a new member.
/// </summary>
internal sealed class ClientDowningProvider : IDowningProvider
{
    /// <summary>As long as it takes a node that only stumbled to be seen again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // Akka.NET looks for this constructor.
    public ClientDowningProvider(ActorSystem system, Akka.Cluster.Cluster cluster) =>
        _ = (system, cluster);

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props DowningActorProps { get; } = Props.Create(() => new ClientDowning(Patience));
}

/// <summary>
/// Sees whether this member is the leader while others are unreachable, by what it is told alone:
/// the cluster's state is another's view, which may not have heard yet what this one hears once and
/// never again.
/// </summary>
internal sealed class ClientDowning : UntypedActor, IWithTimers
{
    private readonly TimeSpan _patience;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private Address? _leader;

    public ClientDowning(TimeSpan patience) => _patience = patience;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() =>
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IReachabilityEvent),
            typeof(ClusterEvent.LeaderChanged),
            typeof(ClusterEvent.MemberRemoved)
        );

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        Hear(message);
        if (_unreachable.Count == 0 || _leader != _cluster.SelfAddress)
            Timers.Cancel(nameof(StepDown));
        else if (message is StepDown)
            _cluster.Down(_cluster.SelfAddress);
        else if (!Timers.IsTimerActive(nameof(StepDown)))
            Timers.StartSingleTimer(nameof(StepDown), new StepDown(), _patience);
    }

    private void Hear(object message)
    {
        switch (message)
        {
            case ClusterEvent.UnreachableMember lost:
                _unreachable.Add(lost.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember back:
                _unreachable.Remove(back.Member.UniqueAddress);
                break;
            case ClusterEvent.MemberRemoved gone:
                _unreachable.Remove(gone.Member.UniqueAddress);
                break;
            case ClusterEvent.LeaderChanged changed:
                _leader = changed.Leader;
                break;
        }
    }

    private sealed record StepDown;
}
