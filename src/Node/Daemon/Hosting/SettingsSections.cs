using System.Text;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Submissions;
using Npgsql;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What the machine has, where a setting is <c>auto</c>.</summary>
public sealed record Machine(string HostName, int Cores, long MemoryBytes)
{
    public static Machine This() =>
        new(
            Environment.MachineName.Split('.')[0].ToLowerInvariant(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes
        );
}

/// <summary>What this node is called, does and offers.</summary>
public sealed record OfferSettings(
    string Name,
    int Cores,
    long MemoryBytes,
    IReadOnlyList<string> Roles
)
{
    private const string RolesKey = "jobcloud.node.roles";
    private const int NameMax = 63;

    internal static OfferSettings Read(SettingsReader read, Machine machine)
    {
        var name = read.Text(
            "jobcloud.node.name",
            $"auto, or a name of at most {NameMax} letters, digits, \"-\" and \"_\"",
            IsName
        );
        var roles = read.List(RolesKey);
        if (roles.Count == 0 || roles.Except(ClusterNames.Roles).Any())
            read.Refuse(RolesKey, $"a list of {string.Join(", ", ClusterNames.Roles)}");
        return new OfferSettings(
            name == "auto" ? machine.HostName : name,
            read.CountOrAuto("jobcloud.node.cores", machine.Cores, most: 100_000),
            read.SizeOrAuto("jobcloud.node.memory", machine.MemoryBytes),
            roles
        );
    }

    /// <summary>On an embedded store a node is alone: without control nobody would hold its jobs.</summary>
    internal void Check(SettingsReader read, StoreProvider store)
    {
        var worksAlone =
            Roles.Contains(ClusterNames.Worker) && !Roles.Contains(ClusterNames.Control);
        if (worksAlone && store == StoreProvider.Sqlite)
            read.Refuse(
                RolesKey,
                "control too, or a store that nodes share (jobcloud.store.provider = postgresql)"
            );
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameMax
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}

/// <summary>The public door.</summary>
public sealed record GatewaySettings(
    string Socket,
    int SessionRequestsInFlight,
    int SessionAnswersWaiting,
    int MaxMessageBytes,
    int OutputChunkBytes,
    TimeSpan StopWithin,
    TimeSpan AnswerWithin,
    TimeSpan ProgressInterval,
    int SubmissionsInFlight,
    int SegmentsAtOnce,
    int MaxEvents,
    int ListLimit,
    int ListMost,
    TimeSpan PortWaitLimit,
    int ExplainedJobsMost
)
{
    internal static GatewaySettings Read(SettingsReader read, HomePaths paths)
    {
        var socket = read.Text("jobcloud.gateway.socket");
        if (socket.Length == 0)
            socket = paths.GatewaySocket;
        if (!socket.StartsWith('/') || Encoding.UTF8.GetByteCount(socket) > HomePaths.SocketPathMax)
            read.Refuse(
                "jobcloud.gateway.socket",
                $"a whole path of at most {HomePaths.SocketPathMax} bytes (\"{socket}\" is not: "
                    + "set this key, or a shorter home)"
            );
        return new GatewaySettings(
            socket,
            read.Count("jobcloud.gateway.session-requests-in-flight"),
            read.Count("jobcloud.gateway.session-answers-waiting"),
            (int)read.Size("jobcloud.gateway.max-message-size", 64 << 10, 1 << 30),
            (int)read.Size("jobcloud.gateway.output-chunk", 1 << 10, 64 << 10),
            read.Duration("jobcloud.gateway.stop-within"),
            read.Duration("jobcloud.gateway.answer-within"),
            read.Duration("jobcloud.gateway.progress-interval"),
            read.Count("jobcloud.gateway.submissions-in-flight"),
            read.Count("jobcloud.gateway.segments-at-once"),
            read.Count("jobcloud.gateway.max-events"),
            read.Count("jobcloud.gateway.list-limit"),
            read.Count("jobcloud.gateway.list-most"),
            read.Duration("jobcloud.gateway.port-wait-limit"),
            read.Count("jobcloud.gateway.explained-jobs-most")
        );
    }
}

/// <summary>What one submission may be.</summary>
internal static class LimitSettings
{
    internal static SubmissionLimits Read(SettingsReader read) =>
        new(ReadCoreTypes(read))
        {
            CommandBytes = read.Count("jobcloud.limits.max-command-bytes", most: 131_071),
            FileBytes = read.Size("jobcloud.limits.max-submission-size", 64 << 10, 1 << 30),
            MapSize = read.Count("jobcloud.limits.max-map-size"),
            NameLength = read.Count("jobcloud.limits.max-name-length"),
            Retries = read.Count("jobcloud.limits.max-retries", least: 0),
        };

    /// <summary>The default type stands first.</summary>
    private static CoreTypes ReadCoreTypes(SettingsReader read)
    {
        var named = read.Text("jobcloud.default-core-type");
        var types = read.Names("jobcloud.core-types")
            .Select(name => new CoreType(
                name,
                read.Size($"jobcloud.core-types.{name}.memory-per-core")
            ))
            .OrderBy(type => type.Name != named)
            .ToArray();
        if (types[0].Name != named)
            read.Refuse(
                "jobcloud.default-core-type",
                $"one of {string.Join(", ", types.Select(type => type.Name))}"
            );
        return new CoreTypes(types);
    }
}

/// <summary>How segments commit and rest.</summary>
public sealed record SegmentSettings(
    int MaxBatchEvents,
    TimeSpan PassivateAfter,
    TimeSpan CheckInterval
)
{
    internal static SegmentSettings Read(SettingsReader read) =>
        new(
            read.Count("jobcloud.segments.max-batch-events"),
            read.Duration("jobcloud.segments.passivate-after"),
            read.Duration("jobcloud.segments.check-interval", TimeSpan.FromMilliseconds(10))
        );
}

/// <summary>Where acknowledged state lives.</summary>
/// <param name="SurvivesPowerLoss">Every commit is forced to the disk.</param>
public sealed record StoreSettings(
    StoreProvider Provider,
    string Connection,
    bool SurvivesPowerLoss,
    TimeSpan WriteWithin,
    TimeSpan ReadAgainAfter,
    int BatchSize
)
{
    private const string ConnectionKey = "jobcloud.store.connection";

    internal static StoreSettings Read(SettingsReader read)
    {
        var provider =
            read.OneOf("jobcloud.store.provider", "sqlite", "postgresql") == "sqlite"
                ? StoreProvider.Sqlite
                : StoreProvider.PostgreSql;
        var connection = read.Text(ConnectionKey);
        if (provider == StoreProvider.PostgreSql && !IsConnection(connection))
            read.Refuse(ConnectionKey, "a connection string such as Host=db;Database=jobcloud");
        return new StoreSettings(
            provider,
            connection,
            read.OneOf("jobcloud.store.durability", "full", "normal") == "full",
            read.Duration("jobcloud.store.write-within", TimeSpan.FromMilliseconds(100)),
            read.Duration("jobcloud.store.read-again-after", TimeSpan.FromMilliseconds(10)),
            read.Count("jobcloud.store.batch-size")
        );
    }

    private static bool IsConnection(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>A connection string may hold a password.</summary>
    internal static string Shown(string key, string value) =>
        key == ConnectionKey && value.Length > 0 ? "(not shown)" : value;
}

public enum StoreProvider
{
    Sqlite,
    PostgreSql,
}

/// <summary>How the read model is written.</summary>
public sealed record IndexSettings(TimeSpan WriteInterval, int MaxPendingRows, int PageBytes)
{
    internal static IndexSettings Read(SettingsReader read) =>
        new(
            read.Duration("jobcloud.index.write-interval"),
            read.Count("jobcloud.index.max-pending-rows"),
            (int)read.Size("jobcloud.index.page", 1 << 10, 100 << 10)
        );
}
