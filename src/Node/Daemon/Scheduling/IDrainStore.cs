using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Stores which nodes are drained. All methods fail while the store is
/// unavailable.</summary>
internal interface IDrainStore
{
    Task<IReadOnlyList<Drain>> ReadAsync();

    /// <summary>Completes once the change is on disk.</summary>
    /// <param name="drain">Null: the node is no longer drained.</param>
    Task WriteAsync(string node, Drain? drain);
}
