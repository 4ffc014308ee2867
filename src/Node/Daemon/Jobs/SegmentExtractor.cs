using System.Globalization;
using Akka.Cluster.Sharding;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>Maps a request to its segment and its shard.</summary>
internal sealed class SegmentExtractor() : HashCodeMessageExtractor(ClusterNames.Shards)
{
    public override string? EntityId(object message) =>
        message is SegmentRequest request
            ? request.Segment.ToString(CultureInfo.InvariantCulture)
            : null;
}
