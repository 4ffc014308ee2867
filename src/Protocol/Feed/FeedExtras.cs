using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;

namespace JobCloud.Protocol.Feed;

/// <summary>What a watcher is told beside rows.</summary>
/// <param name="At">Now, µs.</param>
/// <param name="Nodes">All of them; null: as before.</param>
/// <param name="Always">It is to hear something, be it that nothing changed.</param>
public sealed record FeedExtras(
    long At,
    IReadOnlyList<NodeView>? Nodes,
    IReadOnlyList<JobEvent> Events,
    IReadOnlyList<UsageNow> Usages,
    bool Always
);
