namespace JobCloud.Protocol.Scheduling;

/// <summary>What a job holds from its assignment to its end. Interned: equal demands are one object.</summary>
public sealed class Demand
{
    internal Demand(OwnerAccount owner, int cores, long memory, MapAccount? map) =>
        (Owner, Cores, Memory, Map) = (owner, cores, memory, map);

    public OwnerAccount Owner { get; }

    /// <summary>At least one.</summary>
    public int Cores { get; }

    /// <summary>Bytes; 0: none is counted.</summary>
    public long Memory { get; }

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
