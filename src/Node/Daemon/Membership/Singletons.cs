using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Actors of which the cloud has one, on a node that holds job state.</summary>
internal static class Singletons
{
    /// <summary>Starts it, or its spare; on a node that holds no job state, neither.</summary>
    public static void Start(ActorSystem system, string name, Props props)
    {
        if (!Cluster.Get(system).SelfRoles.Contains(ClusterNames.Control))
            return;
        system.ActorOf(
            ClusterSingletonManager.Props(
                props,
                PoisonPill.Instance,
                ClusterSingletonManagerSettings
                    .Create(system)
                    .WithSingletonName(name)
                    .WithRole(ClusterNames.Control)
            ),
            name
        );
    }

    /// <summary>Reaches it, wherever it is.</summary>
    public static IActorRef Proxy(ActorSystem system, string name, string proxy) =>
        system.ActorOf(
            ClusterSingletonProxy.Props(
                $"/user/{name}",
                ClusterSingletonProxySettings
                    .Create(system)
                    .WithSingletonName(name)
                    .WithRole(ClusterNames.Control)
            ),
            proxy
        );
}
