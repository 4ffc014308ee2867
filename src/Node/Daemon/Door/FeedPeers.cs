using Akka.Actor;
using Akka.Cluster;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Door;

/// <summary>The feeds of the other nodes: heard while somebody watches here, told while they
/// ask.</summary>
internal sealed class FeedPeers(IActorContext context, FeedPorts ports)
{
    private readonly Cluster _cluster = Cluster.Get(context.System);
    private readonly Dictionary<Address, Peer> _peers = [];
    private bool _isOn;

    public void Begin() => _isOn = true;

    /// <summary>Says to all others, also to those that are new, that this node listens.</summary>
    public void Renew()
    {
        if (!_isOn)
            return;
        var others = Others();
        foreach (var gone in _peers.Keys.Except(others).ToList())
            _peers.Remove(gone);
        foreach (var address in others)
        {
            if (!_peers.TryGetValue(address, out var peer))
                _peers[address] = peer = NewPeer();
            Tell(address, peer.Request);
        }
    }

    public void End()
    {
        foreach (var (address, peer) in _peers)
            Tell(address, new FeedRequest { Session = peer.Request.Session, End = true });
        _peers.Clear();
        _isOn = false;
    }

    /// <summary>What another feed says; nothing, where a part was lost: then it is asked
    /// anew.</summary>
    public IReadOnlyList<SegmentNews> Heard(FeedPart part, IActorRef sender)
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

    /// <summary>Another feed listens to this one, or does no longer.</summary>
    public void Share(FeedRequest request, IActorRef asker)
    {
        var name = $"share-{asker.Path.Address.Host}-{asker.Path.Address.Port}";
        var share = context.Child(name);
        if (share.IsNobody() && !request.End)
            share = context.ActorOf(FeedShareActor.Props(asker, ports), name);
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
