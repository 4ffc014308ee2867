namespace JobCloud.Node.Daemon.Hosting;

/// <summary>When the memory that a start, or much work, leaves behind is given back to the machine:
/// once the node has become quiet. Both in bytes allocated since the process began.</summary>
/// <param name="Seen">At the last look.</param>
/// <param name="Returned">When memory was last given back.</param>
internal readonly record struct Leftovers(long Seen, long Returned)
{
    /// <summary>One more look.</summary>
    public (Leftovers Next, bool AreDue) At(long allocated, MemorySettings settings)
    {
        var areDue =
            allocated - Seen <= settings.Quiet && allocated - Returned >= settings.WorthReturning;
        return (new(allocated, areDue ? allocated : Returned), areDue);
    }
}

/// <summary>What a start or much work leaves in memory is given back once the node is
/// quiet.</summary>
internal sealed record MemorySettings
{
    /// <summary>Between two looks whether there is something to give back.</summary>
    public TimeSpan LookInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes that a quiet node allocates between two looks, at most.</summary>
    public long Quiet { get; init; } = 1 << 20;

    /// <summary>Bytes allocated since memory was last given back that make it worth the
    /// while.</summary>
    public long WorthReturning { get; init; } = 8 << 20;

    /// <summary>A larger heap is left alone: the node stands still meanwhile, for about 1 ms a
    /// MiB.</summary>
    public long HeapMax { get; init; } = 64 << 20;
}
