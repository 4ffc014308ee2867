using Akka.Configuration;
using JobCloud.Node.Daemon.Agents;
using JobCloud.Node.Daemon.Door;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Stored;
using JobCloud.Node.Daemon.Scheduling;
using JobCloud.Node.Daemon.Terminals;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Every setting of a node, typed and checked. Nothing else in the program reads HOCON.</summary>
public sealed record NodeSettings
{
    public required HomePaths Paths { get; init; }
    public required string LogLevel { get; init; }

    /// <summary>Lines a minute.</summary>
    public required int LogStrangersMax { get; init; }

    /// <summary>Node losses that a job may be running in.</summary>
    public required int CrashLimit { get; init; }
    public required OfferSettings Node { get; init; }
    public required MembershipSettings Cluster { get; init; }
    public required GatewaySettings Gateway { get; init; }
    public required TcpSettings Tcp { get; init; }
    public required TlsSettings Tls { get; init; }
    public required TerminalSettings Terminals { get; init; }
    public required SubmissionLimits Limits { get; init; }
    public required DefinitionSettings Definitions { get; init; }
    public required SchedulerSettings Scheduler { get; init; }
    public required AgentSettings Agent { get; init; }
    public required ConnectionSettings Executor { get; init; }
    public required OutputSettings Outputs { get; init; }
    public required StoredSettings StoredOutputs { get; init; }
    public required SegmentSettings Segments { get; init; }
    public required StoreSettings Store { get; init; }
    public required MemorySettings Memory { get; init; }

    /// <summary>How long a node of several that is stopped lets its jobs run on.</summary>
    public required TimeSpan StopWait { get; init; }
    public required IndexSettings Index { get; init; }
    public required DoorSettings Door { get; init; }
    public required FeedSettings Feed { get; init; }

    /// <summary>What the layers set for Akka.NET itself.</summary>
    public required Config Akka { get; init; }

    /// <summary>Every <c>jobcloud.*</c> key in effect, its value and origin; secrets are not shown.</summary>
    public required IReadOnlyList<ConfigEntry> Listing { get; init; }

    /// <exception cref="SettingsException">Something is wrong; it names all of it.</exception>
    public static NodeSettings Read(LoadedSettings loaded, Machine machine)
    {
        var reader = new SettingsReader(loaded);
        var settings = Read(reader, loaded, machine);
        return reader.Troubles is { Count: > 0 } troubles
            ? throw new SettingsException(troubles)
            : settings;
    }

    private static NodeSettings Read(SettingsReader read, LoadedSettings loaded, Machine machine)
    {
        var paths = new HomePaths(read.Text("jobcloud.home"));
        var offer = OfferSettings.Read(read, machine);
        var gateway = GatewaySettings.Read(read, paths);
        var store = StoreSettings.Read(read);
        offer.Check(read, store.Provider);
        var tcp = TcpSettings.Read(read);
        var tls = TlsSettings.Read(
            read,
            paths,
            loaded.Akka,
            door: tcp.Address is not null,
            TimeProvider.System.GetUtcNow()
        );
        return new NodeSettings
        {
            Paths = paths,
            LogLevel = read.OneOf("jobcloud.log-level", "INFO", "DEBUG", "WARNING", "ERROR"),
            LogStrangersMax = read.Count("jobcloud.log-strangers-max"),
            CrashLimit = read.Count("jobcloud.crash-limit"),
            Node = offer,
            Cluster = MembershipSettings.Read(read, ClusterTls.Scheme(tls.Cluster)),
            Gateway = gateway,
            Tcp = tcp,
            Tls = tls,
            Terminals = TerminalSettings.Read(read),
            Limits = LimitSettings.Read(read),
            Definitions = DefinitionSettings.Read(read),
            Scheduler = WorkSettings.Scheduler(read),
            Agent = WorkSettings.Agent(read, offer, gateway.Socket),
            Executor = WorkSettings.Connection(read, paths),
            Outputs = WorkSettings.Outputs(read),
            StoredOutputs = StoredSettings.Read(read, store.Provider),
            Segments = SegmentSettings.Read(read),
            Store = store,
            Memory = MemorySettings.Read(read),
            StopWait = read.Duration("jobcloud.executor.node-drain"),
            Index = IndexSettings.Read(read),
            Door = DoorSettings.Read(read, gateway),
            Feed = FeedSettings.Read(read),
            Akka = loaded.Akka,
            Listing =
            [
                .. loaded
                    .Values.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => new ConfigEntry
                    {
                        Key = pair.Key,
                        Value = StoreSettings.Shown(pair.Key, pair.Value.Text),
                        Origin = pair.Value.Origin,
                    }),
            ],
        };
    }
}
