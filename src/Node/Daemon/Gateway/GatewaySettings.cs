using System.Text;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Accounts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Waiting;

namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Settings of the gateway (<c>jobcloud.gateway</c>).</summary>
internal sealed record GatewaySettings
{
    public required string Socket { get; init; }

    /// <summary>The socket for HTTP/1.1 alone.</summary>
    public required string HttpSocket { get; init; }

    /// <summary>Further sockets, for all accounts of the machine; none if this node serves its own
    /// account alone.</summary>
    public IReadOnlyList<string> OpenSockets { get; init; } = [];

    /// <summary>The socket that jobs of all accounts can use.</summary>
    public string SocketOfJobs => OpenSockets.FirstOrDefault(Socket);

    public required int MaxMessageBytes { get; init; }
    public required TimeSpan AnswerWithin { get; init; }
    public required int SubmissionsInFlight { get; init; }

    /// <summary>Maximum number of connections to the socket.</summary>
    public required int ConnectionsMax { get; init; }

    /// <summary>Memory that the requests of one user use at the same time.</summary>
    public required long MemoryPerUser { get; init; }

    /// <summary>Maximum number of segments that one request may follow.</summary>
    public required int SegmentsFollowedMax { get; init; }

    /// <summary>How long a job waits for one that needs the place of the waiting job; zero: without
    /// limit.</summary>
    public TimeSpan DeadlockAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Maximum number of requests of one session in progress. Further ones stay unread, so
    /// that a client cannot flood the node.</summary>
    public int SessionRequestsInFlight { get; init; } = 1024;

    /// <summary>Maximum number of replies of one session that wait to be written; bounds memory
    /// when a client does not read.</summary>
    public int SessionRepliesWaiting { get; init; } = 4096;

    /// <summary>Segments queried concurrently for one request: a range of a million jobs has a
    /// thousand.</summary>
    public int SegmentsAtOnce { get; init; } = 64;

    /// <summary>The accounts of users whose accounts have other names.</summary>
    public AccountMapping Accounts { get; init; } = AccountMapping.None;

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
            HttpSocket = paths.HttpSocket,
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
                "Time limit for each internal request of the node; when it expires, the client is asked to try again."
            ),
            SubmissionsInFlight = read.Count(
                "jobcloud.gateway.submissions-in-flight",
                20_000,
                "Maximum number of submissions in progress on one node; more are refused as busy."
            ),
            Accounts = ReadAccounts(read),
            DeadlockAfter = read.DurationOrOff(
                Deadlocks.Setting,
                "60s",
                "If a job waits for another one (join, result, exec --wait) that cannot start while "
                    + "the waiting job holds its place, its wait ends after this time. off: it waits on."
            ),
            ConnectionsMax = read.Count(
                "jobcloud.gateway.connections-max",
                4_096,
                "Maximum number of connections to the socket, or fewer if the limit of open files is "
                    + "lower. Users who are not admins get at most three quarters of them, one user half."
            ),
            MemoryPerUser = read.Size(
                "jobcloud.gateway.memory-per-user",
                "64MiB",
                "Memory for the replies that requests of one user gather at the same time. Further "
                    + "requests of the user wait, and are refused as busy after answer-within.",
                least: 1 << 20
            ),
            SegmentsFollowedMax = read.Count(
                "jobcloud.gateway.segments-followed-max",
                4_096,
                "Maximum number of segments (1,024 jids each) that one join, wait-for or events -f "
                    + "follows; all requests of one user together follow up to four times as many."
            ),
            OpenSockets = ReadOpenSockets(read, paths),
        };
    }

    private static IReadOnlyList<string> ReadOpenSockets(SettingsReader read, HomePaths paths)
    {
        const string Everyone = "all";
        var who = read.OneOf(
            "jobcloud.gateway.local-users",
            "all: a node that root runs serves every account of the machine as the user of its name, at "
                + $"HOME/open/jobcloud.sock and, in root's default home or {HomePaths.MachineHome}, at "
                + $"{HomePaths.MachineSocket}, where jobcloud looks for it. own: root alone; jobs of "
                + "other accounts cannot use the cloud. Other nodes serve their own account in any case.",
            Everyone,
            "own"
        );
        return who != Everyone || !Environment.IsPrivilegedProcess ? []
            : paths.IsOfMachine(Environment.GetEnvironmentVariable)
                ? [paths.OpenGatewaySocket, HomePaths.MachineSocket]
            : [paths.OpenGatewaySocket];
    }

    private static AccountMapping ReadAccounts(SettingsReader read)
    {
        const string Key = "jobcloud.gateway.accounts";
        var given = read.List(
            Key,
            [],
            "Accounts that the jobs of users with access tokens run as, each as USER=ACCOUNT. "
                + "Other users have the account of their name."
        );
        var mapping = AccountMapping.Parse(given);
        if (!mapping.Ok)
            read.Refuse(Key, $"USER=ACCOUNT, each user once ({mapping.Error.Message})");
        return mapping.Value ?? AccountMapping.None;
    }
}
