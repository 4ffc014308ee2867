using Akka.Actor;
using Akka.Cluster;

namespace JobCloud.Tui.FullScreen.Cloud;

/// <summary>The downing provider of a client, which never downs another member. In Akka.NET the
/// leader decides about unreachable members, and a client can become leader; it then downs itself,
/// so that a node becomes leader, and joins again as a new member.</summary>
internal sealed class ClientDowningProvider : IDowningProvider
{
    /// <summary>The time for an unreachable node to become reachable again.</summary>
    private static readonly TimeSpan StepDownAfter = TimeSpan.FromSeconds(1);

    // Akka.NET calls this constructor by reflection.
    public ClientDowningProvider(ActorSystem system, Akka.Cluster.Cluster cluster) =>
        _ = (system, cluster);

    public TimeSpan DownRemovalMargin => TimeSpan.Zero;

    public Props DowningActorProps { get; } = Props.Create(() => new ClientDowning(StepDownAfter));
}

/// <summary>Downs this member when it is the leader while others are unreachable. It relies on the
/// events alone, each of which is delivered once: <c>Cluster.State</c> is updated separately and
/// can lag behind them.</summary>
internal sealed class ClientDowning : UntypedActor, IWithTimers
{
    private readonly TimeSpan _stepDownAfter;
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private Address? _leader;

    public ClientDowning(TimeSpan stepDownAfter) => _stepDownAfter = stepDownAfter;

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
        Track(message);
        if (_unreachable.Count == 0 || _leader != _cluster.SelfAddress)
            Timers.Cancel(nameof(StepDown));
        else if (message is StepDown)
            _cluster.Down(_cluster.SelfAddress);
        else if (!Timers.IsTimerActive(nameof(StepDown)))
            Timers.StartSingleTimer(nameof(StepDown), new StepDown(), _stepDownAfter);
    }

    private void Track(object message)
    {
        switch (message)
        {
            case ClusterEvent.UnreachableMember lost:
                _unreachable.Add(lost.Member.UniqueAddress);
                break;
            case ClusterEvent.ReachableMember back:
                _unreachable.Remove(back.Member.UniqueAddress);
                break;
            case ClusterEvent.MemberRemoved removed:
                _unreachable.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.LeaderChanged changed:
                _leader = changed.Leader;
                break;
        }
    }

    private sealed record StepDown;
}
