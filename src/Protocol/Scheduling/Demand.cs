namespace JobCloud.Protocol.Scheduling;

/// <summary>What a job holds from its assignment to its end. Interned: equal demands are one
/// object.</summary>
public sealed class Demand
{
    internal Demand(OwnerAccount owner, int cores, long memory, Needs needs, MapAccount? map) =>
        (Owner, Cores, Memory, Needs, Map) = (owner, cores, memory, needs, map);

    public OwnerAccount Owner { get; }

    /// <summary>At least one.</summary>
    public int Cores { get; }

    /// <summary>Bytes; 0: none is counted.</summary>
    public long Memory { get; }

    /// <summary>What its node must be able to keep it apart by.</summary>
    public Needs Needs { get; }

    /// <summary>Null: its submission has no limit of its own.</summary>
    public MapAccount? Map { get; }

    internal JobSize Size => new(Cores, Memory);

    /// <summary>Shapes and attempts that refer to it.</summary>
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

internal readonly record struct JobSize(int Cores, long Memory);

/// <summary>What not every node can do.</summary>
[Flags]
public enum Needs
{
    None = 0,

    /// <summary>Root file systems and volumes.</summary>
    Sandbox = 1,
    PrivateNetwork = 2,
}
