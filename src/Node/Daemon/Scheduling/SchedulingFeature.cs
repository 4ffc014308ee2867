using Akka.Actor;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Starts the scheduler. Its proxy starts first, as the scheduler's dependencies need
/// it.</summary>
internal static class SchedulingFeature
{
    public static IActorRef StartProxy(ActorSystem system) =>
        Singletons.Proxy(system, ClusterNames.Scheduler, ClusterNames.SchedulerProxy);

    public static void Start(
        ActorSystem system,
        IActorRef region,
        IActorRef agents,
        Func<Task<IReadOnlyList<long>>> unfinished,
        IDrainStore drains,
        LostNodeEvidence lost,
        SchedulerSettings settings,
        TimeProvider clock,
        NodeMeters meters
    )
    {
        var roster = system.ActorOf(RemovedNodesActor.Props(clock), "removed-nodes");
        var departures = LostNodeDetector.Props(roster, lost.Rules, clock);
        var ports = new SchedulerDependencies(region, agents, unfinished, drains, departures, clock)
        {
            Meters = meters,
        };
        Singletons.Start(system, ClusterNames.Scheduler, SchedulerActor.Props(ports, settings));
    }
}
