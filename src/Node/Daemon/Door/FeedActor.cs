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
public sealed class FeedActor : UntypedActor, IWithTimers
{
    /// <summary>A client's wish, and who it is.</summary>
    public sealed record WatchBy(Watch Watch, Identity By);

    private readonly FeedPorts ports;
    private readonly FeedPeers peers;
    private readonly Dictionary<IActorRef, Watcher> watchers = [];
    private FeedTable? table;
    private bool isKnown;
    private IReadOnlyList<NodeView> nodes = [];
    private long nodesVersion;

    public FeedActor(FeedPorts ports)
    {
        this.ports = ports;
        peers = new FeedPeers(Context, ports);
    }

    public static Props Props(FeedPorts ports) =>
        Akka.Actor.Props.Create(() => new FeedActor(ports));

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PostStop() => peers.End();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchBy { Watch.End: true }:
                watchers.Remove(Sender);
                break;
            case WatchBy watch:
                Renew(watch);
                break;
            case FeedRequest request:
                peers.Share(request, Sender);
                break;
            case nameof(Tell):
                Tell();
                break;
            case nameof(Look):
                Look();
                break;
            case Looks.Nodes { All: { } all } when !nodes.SequenceEqual(all):
                (nodes, nodesVersion) = (all, nodesVersion + 1);
                break;
            case Looks.Usage seen when watchers.TryGetValue(seen.Client, out var watcher):
                watcher.IsLooking = false;
                watcher.Looked(seen.Usages);
                break;
            case RowsNow now when table is not null:
                foreach (var segment in now.Segments)
                    table.Apply(SegmentNewsOf.Of(segment));
                table.Truncate(now.Oldest);
                isKnown = true;
                break;
            case SliceRows changed when isKnown:
                Apply(SegmentNewsOf.Of(changed));
                break;
            case FeedPart part when isKnown:
                foreach (var news in peers.Heard(part, Sender))
                    Apply(news);
                table!.Truncate(part.Oldest);
                break;
        }
    }

    private void Renew(WatchBy watch)
    {
        if (table is null)
            Begin();
        if (!watchers.TryGetValue(Sender, out var watcher) || watcher.By != watch.By)
            watchers[Sender] = watcher = new Watcher(Sender, watch.By, ports.Feed, ports.Door);
        watcher.Renew(watch.Watch, ports.Clock.GetUtcNow());
    }

    private void Begin()
    {
        table = new FeedTable(ports.Feed.RowsMost, ports.Clock.NowMicroseconds());
        ports.Index.Tell(new ListenToRows(ports.Feed.RowsMost));
        peers.Begin();
        Timers.StartPeriodicTimer(nameof(Tell), nameof(Tell), ports.Feed.Interval);
        Timers.StartPeriodicTimer(
            nameof(Look),
            nameof(Look),
            TimeSpan.Zero,
            ports.Feed.LookInterval
        );
    }

    private void End()
    {
        (table, isKnown, nodes) = (null, false, []);
        ports.Index.Tell(StopListening.Instance);
        peers.End();
        Timers.CancelAll();
    }

    private void Apply(SegmentNews news)
    {
        if (!table!.Apply(news) || news.Events.Count == 0)
            return;
        foreach (var watcher in watchers.Values)
            watcher.Happened(news.Events);
    }

    private void Tell()
    {
        var now = ports.Clock.GetUtcNow();
        foreach (var (client, _) in watchers.Where(w => w.Value.IsGone(now)))
            watchers.Remove(client);
        if (watchers.Count == 0)
            End();
        else if (isKnown)
            foreach (var watcher in watchers.Values)
                watcher.Tell(table!, nodes, nodesVersion, now, Self);
    }

    /// <summary>Asks for what no segment pushes.</summary>
    private void Look()
    {
        ports.Looks.AtNodesAsync().PipeTo(Self);
        foreach (var (client, watcher) in watchers)
            if (watcher.Visible.Count > 0 && !watcher.IsLooking)
            {
                watcher.IsLooking = true;
                ports
                    .Looks.AtUsageAsync(client, watcher.Visible, watcher.By)
                    .PipeTo(Self, failure: _ => new Looks.Usage(client, []));
            }
        peers.Renew();
    }
}
