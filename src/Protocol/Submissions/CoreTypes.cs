namespace JobCloud.Protocol.Submissions;

/// <summary>A preset of memory per core.</summary>
public sealed record CoreType(string Name, long MemoryPerCoreBytes);

/// <summary>The known core types.</summary>
public sealed record CoreTypes(IReadOnlyList<CoreType> All)
{
    /// <summary>The presets.</summary>
    public static CoreTypes Presets { get; } =
        new([
            new CoreType("c1", 300L << 20),
            new CoreType("c2", 800L << 20),
            new CoreType("f2", 3840L << 20),
            new CoreType("m1", 8L << 30),
            new CoreType("s1", 300L << 20),
        ]);

    /// <summary>The type of jobs that name none; empty: none, such jobs have no limits.</summary>
    public string Default { get; init; } = "";

    /// <summary>The type of this name; null: unknown.</summary>
    public CoreType? Find(string name) => All.FirstOrDefault(type => type.Name == name);

    /// <summary>Sets the limits that the core type of a job determines. A job without a type has
    /// only the limits that it asked for.</summary>
    public void Resolve(JobSpec spec)
    {
        spec.MemoryByType = false;
        if (spec.CoreType.Length == 0)
            spec.CoreType = Default;
        if (Find(spec.CoreType) is not { } type)
            return;
        spec.Cores = Math.Max(1, spec.Cores);
        if (spec.MemoryBytes > 0)
            return;
        (spec.MemoryBytes, spec.MemoryByType) = (spec.Cores * type.MemoryPerCoreBytes, true);
    }
}
