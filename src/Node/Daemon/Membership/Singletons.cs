using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Cluster singletons, which run on a node with role control.</summary>
internal static class Singletons
{
    /// <summary>Starts the singleton or its standby; does nothing on a node without role
    /// control.</summary>
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

    /// <summary>Starts a proxy that forwards to the singleton, wherever it runs.</summary>
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
