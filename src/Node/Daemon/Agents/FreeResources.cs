using JobCloud.Protocol;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The node's free cores and memory.</summary>
/// <remarks>Negative if this agent has less capacity than the one whose attempts it adopted:
/// nothing fits until enough of them have ended.</remarks>
internal sealed class FreeResources(Resources capacity)
{
    public int Cores { get; private set; } = capacity.Cores;
    public long MemoryBytes { get; private set; } = capacity.MemoryBytes;

    /// <summary>True if an attempt could fit: each takes at least one core.</summary>
    public bool Any => Cores > 0;

    public bool TryTake(KnownAttempt attempt)
    {
        if (attempt.Cores > Cores || MemoryOf(attempt) > MemoryBytes)
            return false;
        Take(attempt);
        return true;
    }

    public void Take(KnownAttempt attempt)
    {
        Cores -= attempt.Cores;
        MemoryBytes -= MemoryOf(attempt);
    }

    public void Free(KnownAttempt attempt)
    {
        Cores += attempt.Cores;
        MemoryBytes += MemoryOf(attempt);
    }

    private long MemoryOf(KnownAttempt attempt) =>
        PlacementSize.Memory(
            attempt.MemoryBytes,
            attempt.Cores,
            capacity.Cores,
            capacity.MemoryBytes
        );
}
