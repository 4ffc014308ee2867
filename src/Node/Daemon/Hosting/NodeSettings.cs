using Akka.Configuration;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Blobs;
using JobCloud.Node.Daemon.ClientGateway;
using JobCloud.Node.Daemon.Environments;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Jobs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Submissions;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Every setting of a node, typed and checked. No other code in the program reads
/// HOCON.</summary>
internal sealed record NodeSettings
{
    public required HomePaths Paths { get; init; }
    public required string LogLevel { get; init; }

    /// <summary>Maximum lines per minute and source about what strangers and clients
    /// cause.</summary>
    public required int LogStrangersMax { get; init; }

    /// <summary>Node losses after which a running job is no longer restarted.</summary>
    public required int CrashLimit { get; init; }
    public required OfferSettings Node { get; init; }
    public required StoreSettings Store { get; init; }
    public required GatewaySettings Gateway { get; init; }
    public required TcpSettings Tcp { get; init; }
    public required TlsSettings Tls { get; init; }
    public required MembershipSettings Cluster { get; init; }
    public required TerminalSettings Terminals { get; init; }
    public required SubmissionLimits Limits { get; init; }
    public required BlobSettings Blobs { get; init; }
    public required DefinitionSettings Definitions { get; init; }
    public required SchedulerSettings Scheduler { get; init; }
    public required SegmentSettings Segments { get; init; }
    public required AgentSettings Agent { get; init; }
    public required ExecutorConnectionSettings Executor { get; init; }
    public required RetentionSettings Retention { get; init; }
    public required OutputSettings Outputs { get; init; }
    public required OutputStoreSettings StoredOutputs { get; init; }
    public required ClientGatewaySettings ClientGateway { get; init; }
    public required FeedSettings Feed { get; init; }
    public MetricsSettings Metrics { get; init; } = new();
    public TraceSettings Traces { get; init; } = new();
    public IndexSettings Index { get; init; } = new();
    public MemorySettings Memory { get; init; } = new();

    /// <summary>The time for which jobs may keep running while a node of a cluster stops.</summary>
    public TimeSpan StopWait => TimeSpan.FromMilliseconds(Agent.Limits.NodeDrainMs);

    /// <summary>Who leases jids. A node with an embedded store is the only one and keeps its lease
    /// when it is renamed; in a cluster, another node may have taken its first name.</summary>
    public string JidHolder =>
        Store.Provider == StoreProvider.Sqlite ? Node.Names.First : Node.Name;

    /// <summary>The layers' settings for Akka.NET itself.</summary>
    public required Config Akka { get; init; }

    /// <summary>The effective <c>jobcloud.*</c> settings with their origins; secret values are
    /// hidden.</summary>
    public required IReadOnlyList<ConfigEntry> Listing { get; init; }

    /// <exception cref="SettingsException">Some settings are invalid; the exception names all of
    /// them.</exception>
    public static NodeSettings Read(LoadedSettings loaded, HostResources machine)
    {
        var reader = new SettingsReader(loaded);
        var settings = Read(reader, loaded.Akka, machine);
        return reader.Errors is { Count: > 0 } errors
            ? throw new SettingsException(errors)
            : settings with
            {
                Listing = [.. reader.Listing],
            };
    }

    /// <summary>All declared settings with their defaults.</summary>
    public static SettingsReader Declared()
    {
        var reader = new SettingsReader(LoadedSettings.None);
        Read(reader, Config.Empty, new HostResources("", 1, 1));
        return reader;
    }

    private static NodeSettings Read(SettingsReader read, Config akka, HostResources machine)
    {
        var paths = new HomePaths(
            read.Text(
                "jobcloud.home",
                "",
                "Directory of all state. If empty: $XDG_DATA_HOME/jobcloud. Set it only with "
                    + "JOBCLOUD_HOME: it contains the settings file."
            )
        );
        var logLevel = read.OneOf(
            "jobcloud.log-level",
            "Lowest level that is logged: DEBUG, INFO, WARNING or ERROR. DEBUG logs single "
                + "messages and is slow.",
            "INFO",
            "DEBUG",
            "WARNING",
            "ERROR"
        );
        var logStrangersMax = read.Count(
            "jobcloud.log-strangers-max",
            20,
            "Maximum number of log lines per minute that unauthenticated connections, or failing "
                + "requests, can cause in each part of the node; the next line gives the number "
                + "of omitted lines."
        );
        var crashLimit = read.Count(
            "jobcloud.crash-limit",
            5,
            "A job that was running during this many node losses ends as error instead of "
                + "running again: it may be the cause of the losses."
        );
        var offer = OfferSettings.Read(read, machine);
        var store = StoreSettings.Read(read);
        offer.Check(read, store.Provider);
        var gateway = GatewaySettings.Read(read, paths);
        var tcp = TcpSettings.Read(read);
        var tls = TlsSettings.Read(read, paths, akka);
        var cluster = MembershipSettings.Read(read);
        var agent = AgentSettings.Read(read, AgentOf(offer, gateway, paths));
        return new NodeSettings
        {
            Paths = paths,
            LogLevel = logLevel,
            LogStrangersMax = logStrangersMax,
            CrashLimit = crashLimit,
            Node = offer,
            Store = store,
            Gateway = gateway,
            Tcp = tcp,
            Tls = tls,
            Cluster = cluster with { DeathTime = agent.FenceAfter + cluster.KillWithin },
            Terminals = TerminalSettings.Read(read),
            Limits = LimitSettings.Read(read),
            Blobs = BlobSettings.Read(read),
            Definitions = DefinitionSettings.Read(read),
            Scheduler = SchedulerSettings.Read(read),
            Segments = SegmentSettings.Read(read),
            Agent = agent,
            Executor = new ExecutorConnectionSettings { Socket = paths.ExecutorSocket },
            Retention = RetentionSettings.Read(read),
            Outputs = OutputSettings.Read(read),
            StoredOutputs = OutputStoreSettings.Read(read, store.Provider),
            ClientGateway = ClientGatewaySettings.Read(read, gateway.MaxMessageBytes),
            Feed = FeedSettings.Read(read),
            Metrics = MetricsSettings.Read(read),
            Traces = TraceSettings.Read(read),
            Akka = akka,
            Listing = [],
        };
    }

    private static AgentSettings AgentOf(
        OfferSettings offer,
        GatewaySettings gateway,
        HomePaths paths
    ) =>
        new()
        {
            Node = offer.Name,
            Version = NodeIdentity.Version,
            Server = $"unix:{gateway.SocketOfJobs}",
            Home = paths,
            Roles = offer.Roles,
            Capacity = offer.Roles.Contains(ClusterNames.Worker)
                ? new Resources { Cores = offer.Cores, MemoryBytes = offer.MemoryBytes }
                : new Resources(),
        };
}
