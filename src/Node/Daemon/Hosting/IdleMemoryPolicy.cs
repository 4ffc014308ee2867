namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Decides when a node returns memory to the operating system: once it is idle after a
/// start or heavy work. Both values are bytes allocated since the process started.</summary>
/// <param name="Seen">The value at the last check.</param>
/// <param name="Returned">The value when memory was last returned.</param>
internal readonly record struct IdleMemoryPolicy(long Seen, long Returned)
{
    /// <summary>Decides whether memory is to be returned now.</summary>
    public (IdleMemoryPolicy Next, bool AreDue) Check(long allocated, MemorySettings settings)
    {
        var areDue =
            allocated - Seen <= settings.IdleBytes
            && allocated - Returned >= settings.MinReturnBytes;
        return (new(allocated, areDue ? allocated : Returned), areDue);
    }
}

/// <summary>Limits for returning memory to the operating system once the node is idle.</summary>
internal sealed record MemorySettings
{
    /// <summary>Interval between two checks.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A node that allocates at most this many bytes between two checks is idle.</summary>
    public long IdleBytes { get; init; } = 1 << 20;

    /// <summary>Memory is returned only after at least this many bytes were allocated since the
    /// last time.</summary>
    public long MinReturnBytes { get; init; } = 8 << 20;

    /// <summary>A larger heap is not collected: the collection pauses the node for about 1 ms per
    /// MiB.</summary>
    public long MaxHeapBytes { get; init; } = 64 << 20;
}
