using System.Text;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>The public door (<c>jobcloud.gateway</c>).</summary>
internal sealed record GatewaySettings
{
    public required string Socket { get; init; }
    public required int MaxMessageBytes { get; init; }
    public required TimeSpan AnswerWithin { get; init; }
    public required int SubmissionsInFlight { get; init; }

    /// <summary>Requests of one session answered at the same time; further ones wait unread, so
    /// that a client cannot flood the node.</summary>
    public int SessionRequestsInFlight { get; init; } = 1024;

    /// <summary>Answers of one session that may wait to be written: bounds memory when a client
    /// does not read.</summary>
    public int SessionAnswersWaiting { get; init; } = 4096;

    /// <summary>In one piece of output; small pieces keep other traffic flowing between nodes
    /// (frames hold 128,000 bytes).</summary>
    public int OutputChunkBytes { get; init; } = 16 << 10;

    /// <summary>How long an ending node waits for requests under way.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Shortest time between two messages of progress to a client that waits for
    /// jobs.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Segments asked at the same time for one request: a range of a million jobs has a
    /// thousand.</summary>
    public int SegmentsAtOnce { get; init; } = 64;

    /// <summary>Past events told to one client at most, the newest: the journal holds them
    /// all.</summary>
    public int MaxEvents { get; init; } = 100_000;

    /// <summary>Rows of <c>ls</c> where it names no limit.</summary>
    public int ListLimit { get; init; } = 50;

    /// <summary>Rows of <c>ls</c> at most, and rows looked at for a query with an order of its
    /// own.</summary>
    public int ListMost { get; init; } = 100_000;

    /// <summary>A question to a node about an awaited port is asked anew after this: what its asker
    /// left behind is gone by then.</summary>
    public TimeSpan PortWaitLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Waiting jobs of one segment that <c>info</c> asks the scheduler about: each costs
    /// it a look at all nodes.</summary>
    public int ExplainedJobsMost { get; init; } = 100;

    internal static GatewaySettings Read(SettingsReader read, HomePaths paths)
    {
        const string Key = "jobcloud.gateway.socket";
        var given = read.Text(
            Key,
            "",
            "Path of the unix socket for commands, at most 107 bytes. Empty: HOME/run/jobcloud.sock."
        );
        var socket = given.Length > 0 ? given : paths.GatewaySocket;
        if (!socket.StartsWith('/') || Encoding.UTF8.GetByteCount(socket) > HomePaths.SocketPathMax)
            read.Refuse(
                Key,
                $"a whole path of at most {HomePaths.SocketPathMax} bytes (\"{socket}\" is not: "
                    + "set this key, or a shorter home)"
            );
        return new()
        {
            Socket = socket,
            MaxMessageBytes = (int)
                read.Size(
                    "jobcloud.gateway.max-message-size",
                    "32MiB",
                    "Largest message taken or sent on the socket: a submission with its files must fit.",
                    least: 64 << 10,
                    most: 1 << 30
                ),
            AnswerWithin = read.Duration(
                "jobcloud.gateway.answer-within",
                "20s",
                "How long a part of the node may take to answer; then the client is told to try again."
            ),
            SubmissionsInFlight = read.Count(
                "jobcloud.gateway.submissions-in-flight",
                20_000,
                "Submissions of one node that may be on their way to the store; more are to be tried again."
            ),
        };
    }
}
