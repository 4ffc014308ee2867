using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>
/// Informs a router of the nodes in the cluster: the members with a role <c>node.NAME</c>.
/// </summary>
internal sealed class ClusterNodes : UntypedActor
{
    /// <summary>A node has joined, or was a member already.</summary>
    /// <param name="Former">The names that the node had before.</param>
    public sealed record NodeUp(string Node, Address Address, IReadOnlyList<string> Former);

    public sealed record NodeDown(string Node);

    public const string RolePrefix = "node.";

    private readonly IActorRef _router;
    private readonly Dictionary<string, UniqueAddress> _known = [];

    public ClusterNodes(IActorRef router) => _router = router;

    public static Props Props(IActorRef router) =>
        Akka.Actor.Props.Create(() => new ClusterNodes(router));

    protected override void PreStart() =>
        Cluster
            .Get(Context.System)
            .Subscribe(
                Self,
                ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
                typeof(ClusterEvent.MemberUp),
                typeof(ClusterEvent.MemberRemoved)
            );

    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberUp up when NodeOf(up.Member) is { } node:
                _known[node] = up.Member.UniqueAddress;
                _router.Tell(new NodeUp(node, up.Member.Address, FormerNamesOf(up.Member)));
                break;
            // A restarted node may become a member before its earlier session is removed.
            case ClusterEvent.MemberRemoved removed
                when NodeOf(removed.Member) is { } node
                    && _known.GetValueOrDefault(node) == removed.Member.UniqueAddress:
                _known.Remove(node);
                _router.Tell(new NodeDown(node));
                break;
        }
    }

    private static List<string> FormerNamesOf(Member member) =>
        [.. member.Roles.Select(ClusterNames.FormerNodeOf).OfType<string>()];

    public static string? NodeOf(Member member)
    {
        foreach (var role in member.Roles)
            if (role.StartsWith(RolePrefix, StringComparison.Ordinal))
                return role[RolePrefix.Length..];
        return null;
    }
}
