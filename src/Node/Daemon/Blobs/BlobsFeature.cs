using Akka.Actor;
using Akka.Cluster.Sharding;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Starts what removes the contents that nothing refers to.</summary>
internal static class BlobsFeature
{
    /// <param name="within">Time limit of a segment's answer.</param>
    /// <param name="eraseWithin">As in <c>jobcloud.segments.erase-within</c>.</param>
    public static IActorRef StartKeeper(
        ActorSystem system,
        BlobServices parts,
        TimeSpan within,
        TimeSpan eraseWithin,
        TimeProvider clock
    )
    {
        var sharding = ClusterSharding.Get(system);
        var review = new BlobReview(
            parts.Store,
            parts.Uploads,
            parts.Cache,
            () => sharding.ShardRegion(ClusterNames.Segments),
            within,
            clock
        );
        return system.ActorOf(BlobKeeperActor.Props(review, eraseWithin / 4), "blobs");
    }
}
