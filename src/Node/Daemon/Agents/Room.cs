using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>What is free of the node's cores and memory.</summary>
/// <remarks>
/// Below zero after an adoption by an agent that was given less than the one before: then nothing
/// fits until enough has ended.
/// </remarks>
internal sealed class Room(Resources capacity)
{
    public int Cores { get; private set; } = capacity.Cores;
    public long MemoryBytes { get; private set; } = capacity.MemoryBytes;

    /// <summary>Whether anything at all could fit: every attempt takes a core or more.</summary>
    public bool Any => Cores > 0;

    public bool TryTake(KnownAttempt attempt)
    {
        if (attempt.Cores > Cores || attempt.MemoryBytes > MemoryBytes)
            return false;
        Take(attempt);
        return true;
    }

    public void Take(KnownAttempt attempt)
    {
        Cores -= attempt.Cores;
        MemoryBytes -= attempt.MemoryBytes;
    }

    public void Free(KnownAttempt attempt)
    {
        Cores += attempt.Cores;
        MemoryBytes += attempt.MemoryBytes;
    }
}
