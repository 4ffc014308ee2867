using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Starts the shard region of the segments, which hold the state of all jobs.</summary>
internal static class JobsFeature
{
    public static IActorRef StartRegion(
        ActorSystem system,
        IActorRef scheduler,
        IActorRef agents,
        IActorRef index,
        IActorRef blobs,
        int crashLimit,
        StoreDamage damage,
        SegmentSettings settings,
        NodeStore store,
        TimeProvider clock,
        NodeMeters meters,
        SpanExporter? spans
    )
    {
        var histories = new SegmentHistories(new JournalReader(store));
        var sharding = ClusterSharding.Get(system);
        var ports = new SegmentDependencies(
            () => sharding.ShardRegion(ClusterNames.Segments),
            scheduler,
            agents,
            index,
            JobRules.Default with
            {
                CrashLimit = crashLimit,
            },
            clock,
            damage,
            settings.MaxBatchEvents,
            settings.CheckInterval,
            settings.PassivateAfter,
            settings.EraseWithin,
            histories.ReadAsync,
            system.ActorOf(JournalSweeper.Props(store), "journal-sweeper")
        )
        {
            Meters = meters,
            Spans = spans,
            Blobs = blobs,
        };
        return sharding.Start(
            ClusterNames.Segments,
            id =>
            {
                var number = long.Parse(id, CultureInfo.InvariantCulture);
                return damage.Has(number)
                    ? DamagedSegmentActor.Props(number, damage.Sentence!)
                    : SegmentActor.Props(number, ports);
            },
            ClusterShardingSettings.Create(system).WithRole(ClusterNames.Control),
            new SegmentExtractor()
        );
    }
}
