using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Door;

/// <summary>
/// Sends batched changes of the whole cloud to the clients that follow the feed. It holds no state
/// and costs nothing while there are no such clients.
/// </summary>
internal sealed class FeedActor : UntypedActor, IWithTimers
{
    /// <summary>A client's subscription, with the client's identity.</summary>
    public sealed record WatchBy(Watch Watch, Identity By);

    private readonly FeedPorts _ports;
    private readonly FeedPeers _peers;
    private readonly Dictionary<IActorRef, Watcher> _clients = [];
    private FeedTable? _table;
    private bool _isKnown;
    private IReadOnlyList<NodeView> _nodes = [];
    private long _nodesVersion;

    public FeedActor(FeedPorts ports)
    {
        _ports = ports;
        _peers = new FeedPeers(Context, ports);
    }

    public static Props Props(FeedPorts ports) =>
        Akka.Actor.Props.Create(() => new FeedActor(ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop() => _peers.End();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchBy { Watch.End: true }:
                _clients.Remove(Sender);
                break;
            case WatchBy watch:
                Renew(watch);
                break;
            case FeedRequest request:
                _peers.Share(request, Sender);
                break;
            case nameof(Tell):
                Tell();
                break;
            case nameof(Look):
                Look();
                break;
            case Looks.Nodes { All: { } all } when !_nodes.SequenceEqual(all):
                (_nodes, _nodesVersion) = (all, _nodesVersion + 1);
                break;
            case Looks.Usage seen when _clients.TryGetValue(seen.Client, out var client):
                client.IsLooking = false;
                client.Looked(seen.Usages);
                break;
            case RowsNow now when _table is not null:
                foreach (var segment in now.Segments)
                    _table.Apply(SegmentNewsOf.Of(segment));
                _table.Truncate(now.Oldest);
                _isKnown = true;
                break;
            case SliceRows changed when _isKnown:
                Apply(SegmentNewsOf.Of(changed));
                break;
            case FeedPart part when _isKnown:
                foreach (var news in _peers.Heard(part, Sender))
                    Apply(news);
                _table!.Truncate(part.Oldest);
                break;
        }
    }

    private void Renew(WatchBy watch)
    {
        if (_table is null)
            Begin();
        if (!_clients.TryGetValue(Sender, out var client) || client.By != watch.By)
            _clients[Sender] = client = new Watcher(Sender, watch.By, _ports.Feed, _ports.Door);
        client.Renew(watch.Watch, _ports.Clock.GetUtcNow());
    }

    private void Begin()
    {
        _table = new FeedTable(_ports.Feed.RowsMost, _ports.Clock.NowMicroseconds());
        _ports.Index.Tell(new ListenToRows(_ports.Feed.RowsMost));
        _peers.Begin();
        Timers.StartPeriodicTimer(nameof(Tell), nameof(Tell), _ports.Feed.Interval);
        Timers.StartPeriodicTimer(
            nameof(Look),
            nameof(Look),
            TimeSpan.Zero,
            _ports.Feed.LookInterval
        );
    }

    private void End()
    {
        (_table, _isKnown, _nodes) = (null, false, []);
        _ports.Index.Tell(StopListening.Instance);
        _peers.End();
        Timers.CancelAll();
    }

    private void Apply(SegmentNews news)
    {
        if (!_table!.Apply(news) || news.Events.Count == 0)
            return;
        foreach (var client in _clients.Values)
            client.Happened(news.Events);
    }

    private void Tell()
    {
        var now = _ports.Clock.GetUtcNow();
        foreach (var (address, _) in _clients.Where(c => c.Value.IsGone(now)))
            _clients.Remove(address);
        if (_clients.Count == 0)
            End();
        else if (_isKnown)
            foreach (var client in _clients.Values)
                client.Tell(_table!, _nodes, _nodesVersion, now, Self);
    }

    /// <summary>Requests what segments do not push: the nodes and the usage of visible
    /// jobs.</summary>
    private void Look()
    {
        _ports.Looks.AtNodesAsync().PipeTo(Self);
        foreach (var (address, client) in _clients)
            if (client.Visible.Count > 0 && !client.IsLooking)
            {
                client.IsLooking = true;
                _ports
                    .Looks.AtUsageAsync(address, client.Visible, client.By)
                    .PipeTo(Self, failure: _ => new Looks.Usage(address, []));
            }
        _peers.Renew();
    }
}
