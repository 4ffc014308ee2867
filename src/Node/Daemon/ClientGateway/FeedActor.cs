using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Clocks;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>
/// Sends batched changes of the whole cloud to the clients that follow the feed. It holds no state
/// and costs nothing while there are no such clients.
/// </summary>
internal sealed class FeedActor : UntypedActor, IWithTimers
{
    /// <summary>A client's subscription, with the client's identity.</summary>
    public sealed record WatchBy(Watch Watch, Identity Caller);

    private readonly FeedDependencies _ports;
    private readonly SteadyClock _time;
    private readonly FeedPeers _peers;
    private readonly Dictionary<IActorRef, FeedSubscriber> _clients = [];
    private FeedTable? _table;
    private bool _isKnown;
    private IReadOnlyList<NodeView> _nodes = [];
    private long _nodesVersion;

    public FeedActor(FeedDependencies ports)
    {
        (_ports, _time) = (ports, new SteadyClock(ports.Clock));
        _peers = new FeedPeers(Context, ports);
    }

    public static Props Props(FeedDependencies ports) =>
        Akka.Actor.Props.Create(() => new FeedActor(ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop() => _peers.Stop();

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
                _peers.Serve(request, Sender);
                break;
            case nameof(Tell):
                Tell();
                break;
            case nameof(Look):
                Look();
                break;
            case FeedPoller.Nodes { All: { } all } when !_nodes.SequenceEqual(all):
                (_nodes, _nodesVersion) = (all, _nodesVersion + 1);
                break;
            case FeedPoller.VisibleUsage seen
                when _clients.TryGetValue(seen.Client, out var client):
                client.IsQueryPending = false;
                client.SetUsages(seen.Usages);
                break;
            case CurrentRows now when _table is not null:
                foreach (var segment in now.Segments)
                    _table.Apply(SegmentNewsBuilder.Of(segment));
                _table.Truncate(now.Oldest);
                _isKnown = true;
                break;
            case SliceRows changed when _isKnown:
                Apply(SegmentNewsBuilder.Of(changed));
                break;
            case FeedPart part when _isKnown:
                foreach (var news in _peers.Receive(part, Sender))
                    Apply(news);
                _table!.Truncate(part.Oldest);
                break;
        }
    }

    private void Renew(WatchBy watch)
    {
        if (_table is null)
            Begin();
        if (!_clients.TryGetValue(Sender, out var client) || client.Caller != watch.Caller)
            _clients[Sender] = client = new FeedSubscriber(
                Sender,
                watch.Caller,
                _ports.Feed,
                _ports.ClientGateway
            );
        client.Renew(watch.Watch, _time.Instant);
    }

    private void Begin()
    {
        _table = new FeedTable(_ports.Feed.MaxRows, _ports.Clock.NowMicroseconds());
        _ports.Index.Tell(new SubscribeToRows(_ports.Feed.MaxRows));
        _peers.Start();
        Timers.StartPeriodicTimer(nameof(Tell), nameof(Tell), _ports.Feed.Interval);
        Timers.StartPeriodicTimer(
            nameof(Look),
            nameof(Look),
            TimeSpan.Zero,
            _ports.Feed.PollInterval
        );
    }

    private void End()
    {
        (_table, _isKnown, _nodes) = (null, false, []);
        _ports.Index.Tell(UnsubscribeFromRows.Instance);
        _peers.Stop();
        Timers.CancelAll();
    }

    private void Apply(SegmentNews news)
    {
        if (!_table!.Apply(news) || news.Events.Count == 0)
            return;
        foreach (var client in _clients.Values)
            client.AddEvents(news.Events);
    }

    private void Tell()
    {
        var (now, wall) = (_time.Instant, _ports.Clock.GetUtcNow());
        foreach (var (address, client) in _clients)
            if (client.IsExpired(now))
                _clients.Remove(address);
            else if (_ports.Tickets.Check(client.Ticket) is { } refusal)
            {
                _clients.Remove(address);
                address.Tell(refusal);
            }
        if (_clients.Count == 0)
            End();
        else if (_isKnown)
            foreach (var client in _clients.Values)
                client.SendChanges(_table!, _nodes, _nodesVersion, now, wall, Self);
    }

    /// <summary>Requests what segments do not push: the nodes and the usage of visible
    /// jobs.</summary>
    private void Look()
    {
        _ports.Looks.NodesAsync().PipeTo(Self);
        foreach (var (address, client) in _clients)
            if (client.Visible.Count > 0 && !client.IsQueryPending)
            {
                client.IsQueryPending = true;
                _ports
                    .Looks.UsageAsync(address, client.Visible, client.Caller)
                    .PipeTo(Self, failure: _ => new FeedPoller.VisibleUsage(address, []));
            }
        _peers.Renew();
    }
}
