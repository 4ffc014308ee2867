namespace JobCloud.Protocol.Scheduling;

/// <summary>The resources that a job holds from its assignment to its end. Demands are interned:
/// equal ones are the same object.</summary>
public sealed class Demand
{
    internal Demand(
        OwnerAccount owner,
        int cores,
        long memory,
        NodeFeatures needs,
        MapAccount? map
    ) => (Owner, Cores, Memory, Features, Map) = (owner, cores, memory, needs, map);

    public OwnerAccount Owner { get; }

    /// <summary>At least one.</summary>
    public int Cores { get; }

    /// <summary>Bytes; 0: its share of the memory of a node.</summary>
    public long Memory { get; }

    /// <summary>The isolation that its node must support.</summary>
    public NodeFeatures Features { get; }

    /// <summary>The limited map of the job; null: none.</summary>
    public MapAccount? Map { get; }

    internal JobSize Size => new(Cores, Memory);

    /// <summary>The number of shapes and attempts that use it.</summary>
    internal int Uses { get; set; }

    internal void Hold(int jobs)
    {
        Uses += jobs;
        Owner.CoresInUse += (long)Cores * jobs;
        if (Map is not null)
            Map.Running += jobs;
    }

    internal void Release()
    {
        Uses--;
        Owner.CoresInUse -= Cores;
        if (Map is not null)
            Map.Running--;
    }
}

/// <param name="Memory">0: the share of the memory of a node.</param>
internal readonly record struct JobSize(int Cores, long Memory)
{
    /// <summary>Whether a job of this size needs at least as much as another on every
    /// node.</summary>
    public bool Contains(JobSize other) =>
        Cores >= other.Cores && (Memory == 0 || other.Memory > 0) && Memory >= other.Memory;
}

/// <summary>Features that not every node supports.</summary>
[Flags]
public enum NodeFeatures
{
    None = 0,

    /// <summary>Root file systems and volumes.</summary>
    Sandbox = 1,
    PrivateNetwork = 2,
}
