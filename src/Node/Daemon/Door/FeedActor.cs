using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.ReadModel;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Door;

/// <summary>
/// Tells watchers what changes in the whole cloud, gathered. It knows nothing, and costs nothing,
/// while nobody watches.
/// </summary>
internal sealed class FeedActor : UntypedActor, IWithTimers
{
    /// <summary>A client's wish, and who it is.</summary>
    public sealed record WatchBy(Watch Watch, Identity By);

    private readonly FeedPorts _ports;
    private readonly FeedPeers _peers;
    private readonly Dictionary<IActorRef, Watcher> _watchers = [];
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
                _watchers.Remove(Sender);
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
            case Looks.Usage seen when _watchers.TryGetValue(seen.Client, out var watcher):
                watcher.IsLooking = false;
                watcher.Looked(seen.Usages);
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
        if (!_watchers.TryGetValue(Sender, out var watcher) || watcher.By != watch.By)
            _watchers[Sender] = watcher = new Watcher(Sender, watch.By, _ports.Feed, _ports.Door);
        watcher.Renew(watch.Watch, _ports.Clock.GetUtcNow());
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
        foreach (var watcher in _watchers.Values)
            watcher.Happened(news.Events);
    }

    private void Tell()
    {
        var now = _ports.Clock.GetUtcNow();
        foreach (var (client, _) in _watchers.Where(w => w.Value.IsGone(now)))
            _watchers.Remove(client);
        if (_watchers.Count == 0)
            End();
        else if (_isKnown)
            foreach (var watcher in _watchers.Values)
                watcher.Tell(_table!, _nodes, _nodesVersion, now, Self);
    }

    /// <summary>Asks for what no segment pushes.</summary>
    private void Look()
    {
        _ports.Looks.AtNodesAsync().PipeTo(Self);
        foreach (var (client, watcher) in _watchers)
            if (watcher.Visible.Count > 0 && !watcher.IsLooking)
            {
                watcher.IsLooking = true;
                _ports
                    .Looks.AtUsageAsync(client, watcher.Visible, watcher.By)
                    .PipeTo(Self, failure: _ => new Looks.Usage(client, []));
            }
        _peers.Renew();
    }
}
