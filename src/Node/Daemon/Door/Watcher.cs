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
    private readonly Queue<JobEvent> events = [];
    private IReadOnlyList<UsageNow> usages = [];
    private FeedView view = null!;
    private Watch wish = new() { Session = -1 };
    private DateTimeOffset renewed;
    private DateTimeOffset told;
    private long nodesVersion;
    private bool isRenewal;

    public Identity By => by;

    /// <summary>Processing jobs whose usage it wants.</summary>
    public IReadOnlyList<long> Visible => wish.Visible;

    /// <summary>Whether a look at its jobs is under way.</summary>
    public bool IsLooking { get; set; }

    public void Renew(Watch said, DateTimeOffset now)
    {
        if (said.Session != wish.Session)
        {
            var rows = said.RowsMax > 0 ? Math.Min(said.RowsMax, feed.RowsMost) : feed.RowsMost;
            view = new FeedView(by.Admin ? null : by.User, rows, door.MessageBytes);
            nodesVersion = 0;
            events.Clear();
        }
        // What only tells how far it has heard asks for nothing.
        isRenewal |= said.Heard == wish.Heard || said.Session != wish.Session;
        (wish, renewed) = (said, now);
    }

    /// <summary>It has not said for long that it is there.</summary>
    public bool IsGone(DateTimeOffset now) => now - renewed > door.ForgetAfter;

    public void Happened(IReadOnlyList<JobEvent> happened)
    {
        if (!wish.WithEvents)
            return;
        foreach (var e in happened.TakeLast(feed.EventsMost))
        {
            if (events.Count == feed.EventsMost)
                events.Dequeue();
            events.Enqueue(e);
        }
    }

    public void Looked(IReadOnlyList<UsageNow> seen) => usages = seen;

    /// <summary>Tells what changed, unless it has not heard the last yet, or does not want to.</summary>
    public void Tell(
        FeedTable table,
        IReadOnlyList<NodeView> nodes,
        long nodesNow,
        DateTimeOffset now,
        IActorRef self
    )
    {
        if (wish.Hold || now - told < TimeSpan.FromMilliseconds(wish.IntervalMs))
            return;
        if (wish.Heard < view.Number)
        {
            if (now - told < door.StaleAfter)
                return;
            view.StartAnew();
            nodesVersion = 0;
        }
        var extras = new FeedExtras(
            now.ToMicroseconds(),
            nodesVersion == nodesNow ? null : nodes,
            [.. events],
            usages,
            isRenewal
        );
        var news = view.News(table, extras);
        if (news.Count == 0)
            return;
        (nodesVersion, told, isRenewal, usages) = (nodesNow, now, false, []);
        events.Clear();
        foreach (var message in news)
        {
            message.Session = wish.Session;
            client.Tell(message, self);
        }
    }
}
