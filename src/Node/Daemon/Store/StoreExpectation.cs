using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Store;

/// <summary>What a node expects of the store that it opens.</summary>
/// <param name="Known">Reads what the home knows of the store; given true, from everything in the
/// home, else from the index alone.</param>
/// <param name="IsNewWanted">Whether the operator wants to start with another store.</param>
/// <param name="IsOlderWanted">Whether the operator wants to use the store although it lacks what
/// the index knows.</param>
internal sealed record StoreExpectation(
    Func<bool, KnownStore> Known,
    bool IsNewWanted,
    bool IsOlderWanted = false
)
{
    /// <summary>For a home without jobs.</summary>
    public static readonly StoreExpectation None = new(static _ => KnownStore.None, false);
}
