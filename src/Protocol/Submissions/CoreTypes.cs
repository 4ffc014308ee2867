namespace JobCloud.Protocol.Submissions;

/// <summary>A preset of memory per core.</summary>
public sealed record CoreType(string Name, long MemoryPerCoreBytes);

/// <summary>The known core types; the first is the default.</summary>
public sealed record CoreTypes(IReadOnlyList<CoreType> All)
{
    /// <summary>The default presets.</summary>
    public static CoreTypes Default { get; } =
        new([
            new CoreType("c1", 300L << 20),
            new CoreType("c2", 800L << 20),
            new CoreType("f2", 3840L << 20),
            new CoreType("m1", 8L << 30),
            new CoreType("s1", 300L << 20),
        ]);

    /// <summary>The type of this name, or the first for an empty name; null: unknown.</summary>
    public CoreType? Find(string name) =>
        name.Length == 0 ? All[0] : All.FirstOrDefault(type => type.Name == name);

    /// <summary>The resources of a job; null: its type is unknown.</summary>
    /// <param name="cores">0 counts as 1.</param>
    /// <param name="memoryBytes">0: determined by the type and the cores.</param>
    public Resources? Resolve(string name, int cores, long memoryBytes)
    {
        if (Find(name) is not { } type)
            return null;
        var counted = Math.Max(1, cores);
        return new Resources
        {
            Cores = counted,
            MemoryBytes = memoryBytes > 0 ? memoryBytes : counted * type.MemoryPerCoreBytes,
        };
    }
}
