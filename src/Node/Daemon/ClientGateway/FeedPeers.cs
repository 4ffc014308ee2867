using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>The feeds of the other nodes. This node subscribes to them while it has feed clients,
/// and sends them its own changes while they subscribe to it.</summary>
internal sealed class FeedPeers(IActorContext context, FeedDependencies ports)
{
    private readonly Cluster _cluster = Cluster.Get(context.System);
    private readonly Dictionary<Address, Peer> _peers = [];
    private bool _isOn;

    public void Start() => _isOn = true;

    /// <summary>Renews the subscription at every other node, new ones included.</summary>
    public void Renew()
    {
        if (!_isOn)
            return;
        var others = Others();
        foreach (var left in _peers.Keys.Except(others).ToList())
            _peers.Remove(left);
        foreach (var address in others)
        {
            if (!_peers.TryGetValue(address, out var peer))
                _peers[address] = peer = NewPeer();
            Tell(address, peer.Request);
        }
    }

    public void Stop()
    {
        foreach (var (address, peer) in _peers)
            Tell(address, new FeedRequest { Session = peer.Request.Session, End = true });
        _peers.Clear();
        _isOn = false;
    }

    /// <summary>The changes in a part from another feed; empty if a part was lost, and then a new
    /// session starts.</summary>
    public IReadOnlyList<SegmentNews> Receive(FeedPart part, IActorRef sender)
    {
        var address = sender.Path.Address;
        if (!_peers.TryGetValue(address, out var peer) || part.Session != peer.Request.Session)
            return [];
        if (part.Number != peer.Request.Heard + 1)
        {
            _peers[address] = NewPeer();
            return [];
        }
        peer.Request.Heard = part.Number;
        if (!part.More)
            Tell(address, peer.Request);
        return part.News;
    }

    /// <summary>Starts, renews or ends another feed's subscription to this one.</summary>
    public void Serve(FeedRequest request, IActorRef subscriber)
    {
        var name = $"share-{subscriber.Path.Address.Host}-{subscriber.Path.Address.Port}";
        var share = context.Child(name);
        if (share.IsNobody() && !request.End)
            share = context.ActorOf(FeedShareActor.Props(subscriber, ports), name);
        share.Tell(request);
    }

    private Peer NewPeer() => new(new FeedRequest { Session = ports.Clock.GetUtcNow().Ticks });

    private HashSet<Address> Others() =>
        [
            .. _cluster
                .State.Members.Where(member =>
                    member.HasRole(ClusterNames.Control)
                    && member.Status == MemberStatus.Up
                    && member.UniqueAddress != _cluster.SelfUniqueAddress
                )
                .Select(member => member.Address),
        ];

    private void Tell(Address address, FeedRequest request) =>
        context
            .ActorSelection(new RootActorPath(address) / "user" / ClusterNames.Feed)
            .Tell(request.Clone(), context.Self);

    private sealed record Peer(FeedRequest Request);
}
