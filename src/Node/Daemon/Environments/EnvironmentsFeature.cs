using Akka.Actor;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Environments;

/// <summary>Starts the singleton that keeps the definitions of environments and volumes.</summary>
internal static class EnvironmentsFeature
{
    public static IActorRef Start(
        ActorSystem system,
        DefinitionSettings settings,
        StoreSettings store,
        TimeProvider clock,
        StoreDamage damage
    )
    {
        var definitions = DefinitionsActor.Props(
            ClusterNames.DefinitionsId,
            settings.Limits,
            clock,
            damage
        );
        Singletons.Start(
            system,
            ClusterNames.Definitions,
            SingletonSupervisor.Props(definitions, store)
        );
        return Singletons.Proxy(system, ClusterNames.Definitions, ClusterNames.DefinitionsProxy);
    }
}
