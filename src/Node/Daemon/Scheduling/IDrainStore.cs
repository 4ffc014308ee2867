using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>Keeps which nodes are drained. All of it fails while the store is away.</summary>
internal interface IDrainStore
{
    Task<IReadOnlyList<Drain>> ReadAsync();

    /// <summary>Ends once it is on disk.</summary>
    /// <param name="drain">Null: the node is no longer drained.</param>
    Task WriteAsync(string node, Drain? drain);
}
