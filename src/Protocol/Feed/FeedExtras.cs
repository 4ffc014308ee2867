using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Feed;

/// <summary>Contents of a feed update other than rows.</summary>
/// <param name="At">The current instant, µs.</param>
/// <param name="Nodes">All nodes; null: unchanged.</param>
/// <param name="Always">Whether to send an update even if nothing changed.</param>
public sealed record FeedExtras(
    long At,
    IReadOnlyList<NodeView>? Nodes,
    IReadOnlyList<JobEvent> Events,
    IReadOnlyList<UsageNow> Usages,
    bool Always
);
