namespace JobCloud.Node.Daemon.Hosting;

/// <summary>When the memory that a start, or much work, leaves behind is given back to the machine: once
/// the node has become quiet. Both in bytes allocated since the process began.</summary>
/// <param name="Seen">At the last look.</param>
/// <param name="Returned">When memory was last given back.</param>
public readonly record struct Leftovers(long Seen, long Returned)
{
    /// <summary>One more look.</summary>
    public (Leftovers Next, bool AreDue) At(long allocated, MemorySettings settings)
    {
        var areDue =
            allocated - Seen <= settings.Quiet && allocated - Returned >= settings.WorthReturning;
        return (new(allocated, areDue ? allocated : Returned), areDue);
    }
}

/// <param name="Quiet">Bytes that a quiet node allocates between two looks, at most.</param>
/// <param name="WorthReturning">Bytes allocated since memory was last given back that make it worth the while.</param>
/// <param name="HeapMax">A larger heap would take too long.</param>
public sealed record MemorySettings(
    TimeSpan LookInterval,
    long Quiet,
    long WorthReturning,
    long HeapMax
)
{
    internal static MemorySettings Read(SettingsReader read) =>
        new(
            read.Duration("jobcloud.memory.look-interval", TimeSpan.FromMilliseconds(10)),
            read.Size("jobcloud.memory.quiet"),
            read.Size("jobcloud.memory.worth-returning"),
            read.Size("jobcloud.memory.heap-max")
        );
}
