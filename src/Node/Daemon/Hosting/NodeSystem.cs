using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using JobCloud.Node.Daemon.Store;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Makes the actor system of a node and joins it to its cloud.</summary>
public static class NodeSystem
{
    public static ActorSystem Create(NodeSettings settings, NodeStore store, NodeLog log) =>
        ActorSystem.Create(
            ClusterNames.System,
            ActorSystemSetup
                .Empty.And(BootstrapSetup.Create().WithConfig(ConfigOf(settings)))
                .And(new DataOptionsSetup(store.Journal))
                .And(log)
        );

    /// <summary>Ends once this node is a member.</summary>
    /// <exception cref="CannotStartException">No seed node let it in.</exception>
    public static async Task JoinAsync(
        ActorSystem system,
        MembershipSettings settings,
        CancellationToken cancel
    )
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(settings.JoinWithin);
        try
        {
            await (
                settings.SeedNodes.Count == 0
                    ? cluster.JoinAsync(cluster.SelfAddress, limit.Token)
                    : cluster.JoinSeedNodesAsync(
                        settings.SeedNodes.Select(Address.Parse),
                        limit.Token
                    )
            );
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new CannotStartException(
                $"No node let this one join within {settings.JoinWithin.TotalSeconds} s; "
                    + "see jobcloud.cluster.seed-nodes."
            );
        }
    }

    private static Config ConfigOf(NodeSettings settings)
    {
        var roles = settings.Node.Roles.Append(ClusterNames.NodeRole(settings.Node.Name));
        return ConfigurationFactory
            .ParseString(
                $$"""
                akka.loglevel = {{settings.LogLevel}}
                akka.cluster.roles = [{{string.Join(", ", roles.Select(role => $"\"{role}\""))}}]
                akka.persistence.journal.sql {
                  batch-size = {{settings.Store.BatchSize}}
                  circuit-breaker.call-timeout = {{settings.Store.WriteWithin.TotalMilliseconds}}ms
                }
                """
            )
            .WithFallback(settings.Akka)
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig())
            .WithFallback(SqlPersistence.DefaultConfiguration);
    }
}
