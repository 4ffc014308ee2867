using System.Text;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Settings of the gateway (<c>jobcloud.gateway</c>).</summary>
internal sealed record GatewaySettings
{
    public required string Socket { get; init; }
    public required int MaxMessageBytes { get; init; }
    public required TimeSpan AnswerWithin { get; init; }
    public required int SubmissionsInFlight { get; init; }

    /// <summary>Maximum number of requests of one session in progress. Further ones stay unread, so
    /// that a client cannot flood the node.</summary>
    public int SessionRequestsInFlight { get; init; } = 1024;

    /// <summary>Maximum number of replies of one session that wait to be written; bounds memory
    /// when a client does not read.</summary>
    public int SessionRepliesWaiting { get; init; } = 4096;

    /// <summary>Maximum size of an output chunk. Small chunks let other traffic pass between nodes
    /// (frames hold 128,000 bytes).</summary>
    public int OutputChunkBytes { get; init; } = 16 << 10;

    /// <summary>Time that a stopping node gives to requests in progress.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Shortest time between two progress messages to a client that waits for
    /// jobs.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Segments queried concurrently for one request: a range of a million jobs has a
    /// thousand.</summary>
    public int SegmentsAtOnce { get; init; } = 64;

    /// <summary>Maximum number of past events sent to one client, the newest. The journal holds
    /// them all.</summary>
    public int MaxEvents { get; init; } = 100_000;

    /// <summary>Rows of <c>ls</c> if the request gives no limit.</summary>
    public int ListLimit { get; init; } = 50;

    /// <summary>Maximum number of rows of <c>ls</c>, and of rows examined for a query that
    /// sorts.</summary>
    public int MaxListRows { get; init; } = 100_000;

    /// <summary>Time limit of one question to a node about an awaited port. The gateway then
    /// repeats it, so that questions of disconnected clients end.</summary>
    public TimeSpan PortWaitLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Maximum number of waiting jobs per segment that <c>info</c> asks the scheduler
    /// about: for each, the scheduler checks all nodes.</summary>
    public int MaxExplainedJobs { get; init; } = 100;

    internal static GatewaySettings Read(SettingsReader read, HomePaths paths)
    {
        const string Key = "jobcloud.gateway.socket";
        var given = read.Text(
            Key,
            "",
            "Path of the unix socket for commands, at most 107 bytes. If empty: HOME/run/jobcloud.sock."
        );
        var socket = given.Length > 0 ? given : paths.GatewaySocket;
        if (!socket.StartsWith('/') || Encoding.UTF8.GetByteCount(socket) > HomePaths.SocketPathMax)
            read.Refuse(
                Key,
                $"an absolute path of at most {HomePaths.SocketPathMax} bytes (\"{socket}\" is not: "
                    + "set this key or use a shorter home)"
            );
        return new()
        {
            Socket = socket,
            MaxMessageBytes = (int)
                read.Size(
                    "jobcloud.gateway.max-message-size",
                    "32MiB",
                    "Largest message accepted or sent on the socket; a submission with its files must fit.",
                    least: 64 << 10,
                    most: 1 << 30
                ),
            AnswerWithin = read.Duration(
                "jobcloud.gateway.answer-within",
                "20s",
                "Time limit for each part of the node to answer; after it, the client is asked to try again."
            ),
            SubmissionsInFlight = read.Count(
                "jobcloud.gateway.submissions-in-flight",
                20_000,
                "Maximum number of one node's submissions on their way to the store; further ones are refused as busy."
            ),
        };
    }
}
