using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Settings of the gateway for cluster clients (<c>jobcloud.client</c>).</summary>
internal sealed record ClientGatewaySettings
{
    public required TimeSpan RenewInterval { get; init; }
    public required TimeSpan ForgetAfter { get; init; }
    public required TimeSpan StaleAfter { get; init; }
    public required TimeSpan AnswerWithin { get; init; }
    public required TimeSpan TicketAge { get; init; }

    /// <summary>Size limit of one request, all its chunks together.</summary>
    public required int MaxMessageBytes { get; init; }

    /// <summary>Approximate size of one message to or from a client; small, so that heartbeats pass
    /// between messages.</summary>
    public int MessageBytes { get; init; } = 16_000;

    /// <summary>Chunks of one reply that are sent before the client grants more credit; bounds what
    /// is buffered for a slow client.</summary>
    public int ChunksAhead { get; init; } = 16;

    internal static ClientGatewaySettings Read(SettingsReader read, int maxMessageBytes)
    {
        read.Section(
            "jobcloud.client",
            "Connections of the full-screen UI, a cluster member with role client."
        );
        return new()
        {
            MaxMessageBytes = maxMessageBytes,
            RenewInterval = read.Duration(
                "jobcloud.client.renew-interval",
                "2s",
                "Interval of the heartbeats between a client and its node.",
                least: "50ms"
            ),
            ForgetAfter = read.Duration(
                "jobcloud.client.forget-after",
                "20s",
                "A node drops a client, with its requests, after this long without a heartbeat.",
                least: "100ms"
            ),
            StaleAfter = read.Duration(
                "jobcloud.client.stale-after",
                "5s",
                "A client switches to another node after this long without a message from its node.",
                least: "100ms"
            ),
            AnswerWithin = read.Duration(
                "jobcloud.client.answer-within",
                "30s",
                "How long a client waits for the reply to a request.",
                least: "100ms"
            ),
            TicketAge = read.Duration(
                "jobcloud.client.ticket-age",
                "1h",
                "An unused ticket expires after this long. A ticket identifies its user at every node.",
                least: "1s"
            ),
        };
    }
}

/// <summary>Settings of the feed of the whole cloud (<c>jobcloud.feed</c>).</summary>
internal sealed record FeedSettings
{
    public required TimeSpan PollInterval { get; init; }
    public required int MaxRows { get; init; }

    /// <summary>Minimum time between two messages to one client; changes in between are sent
    /// together.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Events sent per interval, newest kept; a client requests the complete history of a
    /// job.</summary>
    public int MaxEvents { get; init; } = 500;

    internal static FeedSettings Read(SettingsReader read)
    {
        read.Section("jobcloud.feed", "The feed: changes of the whole cloud, pushed to clients.");
        return new()
        {
            PollInterval = read.Duration(
                "jobcloud.feed.look-interval",
                "1s",
                "Interval at which a node reads the list of nodes and the usage of the jobs on "
                    + "clients' screens.",
                least: "50ms"
            ),
            MaxRows = read.Count(
                "jobcloud.feed.rows-max",
                100_000,
                "Number of the newest submissions that a node keeps in memory while any client follows the feed."
            ),
        };
    }
}
