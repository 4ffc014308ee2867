namespace JobCloud.Protocol.Scheduling;

/// <summary>Compares the limits of a job with what the nodes offer in all.</summary>
public static class Capacities
{
    /// <summary>Why no node could ever run a job with these limits, even an idle one; null: one
    /// could, or no node is known.</summary>
    /// <param name="cores">0: no limit.</param>
    /// <param name="memory">Bytes; 0: no limit.</param>
    public static string? WhyNone(int cores, long memory, IReadOnlyList<Resources> offers)
    {
        var counted = PlacementSize.Cores(cores);
        if (offers.Count == 0 || offers.Any(offer => Fits(cores, memory, offer)))
            return null;
        if (offers.All(offer => offer.Cores < counted))
            return $"no node has {WaitReasons.Count(counted, "core")}";
        return offers.All(offer => offer.MemoryBytes < memory)
            ? $"no node has {WaitReasons.Size(memory)} of memory"
            : $"no node has {WaitReasons.Count(counted, "core")} "
                + $"and {WaitReasons.Size(memory)} of memory";
    }

    /// <summary>Whether an idle node with this capacity can run a job with these limits.</summary>
    public static bool Fits(int cores, long memory, Resources offer) =>
        offer.Cores >= PlacementSize.Cores(cores) && offer.MemoryBytes >= memory;
}
