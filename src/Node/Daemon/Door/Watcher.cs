using Akka.Actor;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Door;

/// <summary>One who watches: what it wishes, what it has heard, and what waits for it.</summary>
internal sealed class Watcher(IActorRef client, Identity by, FeedSettings feed, DoorSettings door)
{
    private readonly Queue<JobEvent> _events = [];
    private IReadOnlyList<UsageNow> _usages = [];
    private FeedView _view = null!;
    private Watch _wish = new() { Session = -1 };
    private DateTimeOffset _renewed;
    private DateTimeOffset _told;
    private long _nodesVersion;
    private bool _isRenewal;

    public Identity By => by;

    /// <summary>Processing jobs whose usage it wants.</summary>
    public IReadOnlyList<long> Visible => _wish.Visible;

    /// <summary>Whether a look at its jobs is under way.</summary>
    public bool IsLooking { get; set; }

    public void Renew(Watch said, DateTimeOffset now)
    {
        if (said.Session != _wish.Session)
        {
            var rows = said.RowsMax > 0 ? Math.Min(said.RowsMax, feed.RowsMost) : feed.RowsMost;
            _view = new FeedView(by.Admin ? null : by.User, rows, door.MessageBytes);
            _nodesVersion = 0;
            _events.Clear();
        }
        // What only tells how far it has heard asks for nothing.
        _isRenewal |= said.Heard == _wish.Heard || said.Session != _wish.Session;
        (_wish, _renewed) = (said, now);
    }

    /// <summary>It has not said for long that it is there.</summary>
    public bool IsGone(DateTimeOffset now) => now - _renewed > door.ForgetAfter;

    public void Happened(IReadOnlyList<JobEvent> happened)
    {
        if (!_wish.WithEvents)
            return;
        foreach (var e in happened.TakeLast(feed.EventsMost))
        {
            if (_events.Count == feed.EventsMost)
                _events.Dequeue();
            _events.Enqueue(e);
        }
    }

    public void Looked(IReadOnlyList<UsageNow> seen) => _usages = seen;

    /// <summary>Tells what changed, unless it has not heard the last yet, or does not want
    /// to.</summary>
    public void Tell(
        FeedTable table,
        IReadOnlyList<NodeView> nodes,
        long nodesNow,
        DateTimeOffset now,
        IActorRef self
    )
    {
        if (_wish.Hold || now - _told < TimeSpan.FromMilliseconds(_wish.IntervalMs))
            return;
        if (_wish.Heard < _view.Number)
        {
            if (now - _told < door.StaleAfter)
                return;
            _view.StartAnew();
            _nodesVersion = 0;
        }
        var extras = new FeedExtras(
            now.ToMicroseconds(),
            _nodesVersion == nodesNow ? null : nodes,
            [.. _events],
            _usages,
            _isRenewal
        );
        var news = _view.News(table, extras);
        if (news.Count == 0)
            return;
        (_nodesVersion, _told, _isRenewal, _usages) = (nodesNow, now, false, []);
        _events.Clear();
        foreach (var message in news)
        {
            message.Session = _wish.Session;
            client.Tell(message, self);
        }
    }
}
