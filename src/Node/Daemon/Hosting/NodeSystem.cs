using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Cluster.SBR;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using JobCloud.ClusterPort;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Tls;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Creates the actor system of a node.</summary>
internal static class NodeSystem
{
    /// <param name="registry">Keeps the leases; null: no other node shares the store.</param>
    public static ActorSystem Create(
        NodeSettings settings,
        NodeTls tls,
        NodeStore store,
        NodeLog log,
        NodeRegistry? registry = null
    )
    {
        var setup = ActorSystemSetup
            .Empty.And(new DataOptionsSetup(store.Journal))
            .And(tls.Trust)
            .And(log);
        if (registry is not null)
            setup = setup.And(new StoreLeaseSetup(registry));
        // ActorSystem.Create first looks for an app.config, which does not exist: that loads XML
        // and OpenSSL and costs 10 MB.
        var system = new ActorSystemImpl(ClusterNames.System, ConfigOf(settings), setup);
        system.Start();
        return system;
    }

    private static readonly AkkaTypes Types = new()
    {
        Serializer = typeof(ProtocolSerializer),
        Logger = typeof(LineLogger),
        Transport = typeof(TlsTransport),
        Downing = typeof(SplitBrainResolverProvider),
    };

    private static Config ConfigOf(NodeSettings settings)
    {
        var roles = settings
            .Node.Roles.Append(ClusterNames.NodeRole(settings.Node.Name))
            .Concat(settings.Node.Names.Former.Select(ClusterNames.FormerNodeRole));
        return ConfigurationFactory
            .ParseString(
                $$"""
                {{Types.Hocon}}
                {{SerializerSettings.Hocon}}
                akka.scheduler.implementation = "{{AkkaTypes.NameOf(typeof(TimerScheduler))}}"
                akka.coordination.store-lease.lease-class = "{{AkkaTypes.NameOf(
                    typeof(StoreLease)
                )}}"
                akka.loglevel = {{settings.LogLevel}}
                akka.cluster.roles = [{{string.Join(", ", roles.Select(role => $"\"{role}\""))}}]
                akka.persistence.journal.sql.circuit-breaker.call-timeout = {{settings
                    .Store
                    .WriteWithin
                    .TotalMilliseconds}}ms
                """
            )
            .WithFallback(settings.Akka)
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig())
            .WithFallback(SqlPersistence.DefaultConfiguration);
    }
}
