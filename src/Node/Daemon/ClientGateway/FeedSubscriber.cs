using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>One client of the feed: its subscription, what it has acknowledged, and what is queued
/// for it.</summary>
internal sealed class FeedSubscriber(
    IActorRef client,
    Identity by,
    FeedSettings feed,
    ClientGatewaySettings limits
)
{
    private readonly Queue<JobEvent> _events = [];
    private IReadOnlyList<UsageNow> _usages = [];
    private FeedCursor _view = null!;
    private Watch _watch = new() { Session = -1 };
    private DateTimeOffset _renewed;
    private DateTimeOffset _sent;
    private long _nodesVersion;
    private bool _isRenewal;

    public Identity Caller => by;

    /// <summary>The ticket that it last showed.</summary>
    public string Ticket => _watch.Ticket;

    /// <summary>Processing jobs whose usage the client requests.</summary>
    public IReadOnlyList<long> Visible => _watch.Visible;

    /// <summary>Whether a usage request for its jobs is in progress.</summary>
    public bool IsQueryPending { get; set; }

    public void Renew(Watch watch, DateTimeOffset now)
    {
        if (watch.Session != _watch.Session)
        {
            var rows = watch.RowsMax > 0 ? Math.Min(watch.RowsMax, feed.MaxRows) : feed.MaxRows;
            _view = new FeedCursor(by.IsAdmin ? null : by.User, rows, limits.MessageBytes);
            _nodesVersion = 0;
            _events.Clear();
        }
        // A message that only acknowledges does not request a reply.
        _isRenewal |= watch.Heard == _watch.Heard || watch.Session != _watch.Session;
        (_watch, _renewed) = (watch, now);
    }

    /// <summary>Whether the client has not renewed its subscription in time.</summary>
    public bool IsExpired(DateTimeOffset now) => now - _renewed > limits.ForgetAfter;

    public void AddEvents(IReadOnlyList<JobEvent> events)
    {
        if (!_watch.WithEvents)
            return;
        foreach (var e in events.TakeLast(feed.MaxEvents))
        {
            if (_events.Count == feed.MaxEvents)
                _events.Dequeue();
            _events.Enqueue(e);
        }
    }

    public void SetUsages(IReadOnlyList<UsageNow> usages) => _usages = usages;

    /// <summary>Sends the changes, unless the client paused the feed or has not yet acknowledged
    /// the last message.</summary>
    /// <param name="now">For durations.</param>
    /// <param name="wall">The time for the client.</param>
    public void SendChanges(
        FeedTable table,
        IReadOnlyList<NodeView> nodes,
        long nodesNow,
        DateTimeOffset now,
        DateTimeOffset wall,
        IActorRef self
    )
    {
        if (_watch.Hold || now - _sent < TimeSpan.FromMilliseconds(_watch.IntervalMs))
            return;
        if (_watch.Heard < _view.Number)
        {
            if (now - _sent < limits.StaleAfter)
                return;
            _view.Reset();
            _nodesVersion = 0;
        }
        var extras = new FeedExtras(
            wall.ToMicroseconds(),
            _nodesVersion == nodesNow ? null : nodes,
            [.. _events],
            _usages,
            _isRenewal
        );
        var news = _view.News(table, extras);
        if (news.Count == 0)
            return;
        (_nodesVersion, _sent, _isRenewal, _usages) = (nodesNow, now, false, []);
        _events.Clear();
        foreach (var message in news)
        {
            message.Session = _watch.Session;
            client.Tell(message, self);
        }
    }
}
