using JobCloud.Node.Daemon.Hosting;

namespace JobCloud.Node.Daemon.Door;

/// <summary>How clients come in through the cluster.</summary>
/// <param name="RenewInterval">A client says that it is there this often.</param>
/// <param name="ForgetAfter">One that has said nothing for so long is forgotten, with all it asked.</param>
/// <param name="StaleAfter">A client no longer believes a node unheard for so long.</param>
/// <param name="MessageBytes">Of one message to or from a client, about.</param>
/// <param name="PiecesAhead">Pieces of one answer that are sent unasked.</param>
/// <param name="CallsMost">Of one client at the same time.</param>
/// <param name="TicketAge">How long a ticket that nobody shows is good.</param>
/// <param name="TicketsMost">Remembered by a node; the oldest are forgotten.</param>
/// <param name="MaxMessageBytes">Of one question, all its pieces together.</param>
public sealed record DoorSettings(
    TimeSpan RenewInterval,
    TimeSpan ForgetAfter,
    TimeSpan StaleAfter,
    TimeSpan AnswerWithin,
    int MessageBytes,
    int PiecesAhead,
    int CallsMost,
    TimeSpan TicketAge,
    int TicketsMost,
    int MaxMessageBytes
)
{
    internal static DoorSettings Read(SettingsReader read, GatewaySettings gateway) =>
        new(
            read.Duration("jobcloud.client.renew-interval", TimeSpan.FromMilliseconds(50)),
            read.Duration("jobcloud.client.forget-after", TimeSpan.FromMilliseconds(100)),
            read.Duration("jobcloud.client.stale-after", TimeSpan.FromMilliseconds(100)),
            read.Duration("jobcloud.client.answer-within", TimeSpan.FromMilliseconds(100)),
            (int)read.Size("jobcloud.client.message-size", 1 << 10, 256 << 10),
            read.Count("jobcloud.client.pieces-ahead"),
            read.Count("jobcloud.client.calls-max"),
            read.Duration("jobcloud.client.ticket-age", TimeSpan.FromSeconds(1)),
            read.Count("jobcloud.client.tickets-max"),
            gateway.MaxMessageBytes
        );
}

/// <summary>What watchers of the whole cloud are told.</summary>
/// <param name="Interval">Shortest time between two messages; changes are gathered meanwhile.</param>
/// <param name="LookInterval">Between two looks at nodes and at what jobs use.</param>
/// <param name="RowsMost">Newest submissions known.</param>
/// <param name="EventsMost">Newest events in one interval; of more, the older ones are left out.</param>
/// <param name="VisibleMost">Jobs of one watcher whose usage is told.</param>
public sealed record FeedSettings(
    TimeSpan Interval,
    TimeSpan LookInterval,
    int RowsMost,
    int EventsMost,
    int VisibleMost
)
{
    internal static FeedSettings Read(SettingsReader read) =>
        new(
            read.Duration("jobcloud.feed.interval", TimeSpan.FromMilliseconds(10)),
            read.Duration("jobcloud.feed.look-interval", TimeSpan.FromMilliseconds(50)),
            read.Count("jobcloud.feed.rows-max"),
            read.Count("jobcloud.feed.events-max"),
            read.Count("jobcloud.feed.visible-max")
        );
}
