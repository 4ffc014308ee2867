using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Certificates;

namespace JobCloud.Node.Daemon.Tls;

/// <summary>Removes denied nodes from the cluster, those that are members and those that join
/// later.</summary>
internal sealed class DeniedMembersActor : ReceiveActor
{
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private DenyList _denied = DenyList.Empty;

    public DeniedMembersActor(NodeLog log)
    {
        Receive<DenyList>(denied =>
        {
            _denied = denied;
            foreach (var member in _cluster.State.Members)
                Check(member, log);
        });
        Receive<ClusterEvent.MemberStatusChange>(changed =>
        {
            if (changed is not ClusterEvent.MemberRemoved)
                Check(changed.Member, log);
        });
    }

    public static Props Props(NodeLog log) =>
        Akka.Actor.Props.Create(() => new DeniedMembersActor(log));

    protected override void PreStart() =>
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent)
        );

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Check(Member member, NodeLog log)
    {
        if (
            member.Status is MemberStatus.Down or MemberStatus.Removed
            || member.UniqueAddress == _cluster.SelfUniqueAddress
            || ClusterNodes.NodeOf(member) is not { } node
            || _denied.OfNode(node) is not { } denial
        )
            return;
        log.Write(
            LogLevel.Warning,
            "tls",
            $"Removing {member.Address} from the cloud: {DenialRules.Problem($"node {node}", denial)}."
        );
        _cluster.Down(member.Address);
    }
}
