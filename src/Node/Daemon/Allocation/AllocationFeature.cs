using Akka.Actor;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Allocation;

/// <summary>Starts the jid allocator.</summary>
internal static class AllocationFeature
{
    public static IActorRef Start(ActorSystem system, StoreSettings store, TimeProvider clock)
    {
        var allocator = AllocatorActor.Props(ClusterNames.AllocatorId, clock);
        Singletons.Start(
            system,
            ClusterNames.Allocator,
            SingletonSupervisor.Props(allocator, store)
        );
        return Singletons.Proxy(system, ClusterNames.Allocator, ClusterNames.AllocatorProxy);
    }
}
