using JobCloud.Node.Daemon.Settings;

namespace JobCloud.Node.Daemon.Door;

/// <summary>How clients come in through the cluster (<c>jobcloud.client</c>).</summary>
internal sealed record DoorSettings
{
    public required TimeSpan RenewInterval { get; init; }
    public required TimeSpan ForgetAfter { get; init; }
    public required TimeSpan StaleAfter { get; init; }
    public required TimeSpan AnswerWithin { get; init; }
    public required TimeSpan TicketAge { get; init; }

    /// <summary>Of one question, all its pieces together.</summary>
    public required int MaxMessageBytes { get; init; }

    /// <summary>Of one message to or from a client, about: heartbeats must pass between
    /// them.</summary>
    public int MessageBytes { get; init; } = 16_000;

    /// <summary>Messages of one answer that are sent before the client asks for more: bounds what
    /// waits for a slow one.</summary>
    public int PiecesAhead { get; init; } = 16;

    /// <summary>Questions of one client at the same time, streams of output among them; more are to
    /// be asked again.</summary>
    public int CallsMost { get; init; } = 256;

    /// <summary>Remembered by a node; the oldest are forgotten, and their clients ask for
    /// others.</summary>
    public int TicketsMost { get; init; } = 10_000;

    internal static DoorSettings Read(SettingsReader read, int maxMessageBytes)
    {
        read.Section(
            "jobcloud.client",
            "How the full-screen UI, a member of role client, is served."
        );
        return new()
        {
            MaxMessageBytes = maxMessageBytes,
            RenewInterval = read.Duration(
                "jobcloud.client.renew-interval",
                "2s",
                "A client says that it is there this often; the node's answer tells it the same.",
                least: "50ms"
            ),
            ForgetAfter = read.Duration(
                "jobcloud.client.forget-after",
                "20s",
                "A client unheard for so long is forgotten, with all that it asked.",
                least: "100ms"
            ),
            StaleAfter = read.Duration(
                "jobcloud.client.stale-after",
                "5s",
                "A client no longer believes a node unheard for so long, and looks for another.",
                least: "100ms"
            ),
            AnswerWithin = read.Duration(
                "jobcloud.client.answer-within",
                "30s",
                "How long a client waits for the answer to a question.",
                least: "100ms"
            ),
            TicketAge = read.Duration(
                "jobcloud.client.ticket-age",
                "1h",
                "How long a ticket is good that nobody shows: it stands for its user at every node.",
                least: "1s"
            ),
        };
    }
}

/// <summary>What watchers of the whole cloud are told (<c>jobcloud.feed</c>).</summary>
internal sealed record FeedSettings
{
    public required TimeSpan LookInterval { get; init; }
    public required int RowsMost { get; init; }

    /// <summary>Shortest time between two messages to one client; what changes meanwhile is
    /// gathered.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Newest events told of one interval; a client that wants all of a job asks for
    /// them.</summary>
    public int EventsMost { get; init; } = 500;

    /// <summary>Jobs of one client whose use is looked at: each costs a question to its
    /// node.</summary>
    public int VisibleMost { get; init; } = 200;

    internal static FeedSettings Read(SettingsReader read)
    {
        read.Section("jobcloud.feed", "What is pushed to those who watch the whole cloud.");
        return new()
        {
            LookInterval = read.Duration(
                "jobcloud.feed.look-interval",
                "1s",
                "Time between two looks at the nodes, and at what jobs on a client's screen use.",
                least: "50ms"
            ),
            RowsMost = read.Count(
                "jobcloud.feed.rows-max",
                100_000,
                "Newest submissions that a node knows for its watchers, as long as there are any."
            ),
        };
    }
}
