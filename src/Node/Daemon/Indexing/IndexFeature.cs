using Akka.Actor;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Starts the index of this node, its query actor and its repair.</summary>
internal static class IndexFeature
{
    /// <param name="storeId">The ID of the store whose jobs it lists.</param>
    public static IActorRef StartIndex(
        ActorSystem system,
        string file,
        string storeId,
        IndexSettings settings,
        NodeMeters meters
    ) => system.ActorOf(IndexActor.Props(file, storeId, settings, meters), ClusterNames.Index);

    /// <summary>Starts the actor that answers queries from everything acknowledged on any node. An
    /// embedded store has one node, whose index has all rows.</summary>
    public static IActorRef StartQueries(
        ActorSystem system,
        StoreProvider provider,
        SharedIndexDependencies ports
    ) =>
        provider == StoreProvider.Sqlite
            ? ports.Index
            : system.ActorOf(SharedIndex.Props(ports), "questions");

    /// <summary>Returns a query for the segments that have unfinished jobs or that the index does
    /// not know completely.</summary>
    /// <param name="rebuild">Gives the index what it lacks, if it is much.</param>
    public static Func<Task<IReadOnlyList<long>>> StaleSegments(
        IActorRef index,
        SegmentCatalog segments,
        Func<IReadOnlyList<SegmentHead>, Task> rebuild,
        TimeSpan within
    ) =>
        async () =>
        {
            var heads = await segments.ReadAsync(CancellationToken.None);
            await rebuild(heads);
            var stale = await index.Ask<SegmentsStale>(new FindStaleSegments(heads), within);
            return stale.Segments;
        };

    public static void StartRepair(
        ActorSystem system,
        IActorRef region,
        Func<Task<IReadOnlyList<long>>> stale
    ) => system.ActorOf(IndexRepair.Props(region, stale), "index-repair");
}
