namespace JobCloud.Protocol.Environments;

/// <summary>What environments and volumes may be at most (<c>jobcloud.definitions</c>).</summary>
public sealed record DefinitionLimits
{
    /// <summary>Bytes of all that users created of one kind: a list of them crosses nodes
    /// whole.</summary>
    public long TotalBytes { get; init; } = 512 << 10;

    /// <summary>Characters of a name.</summary>
    public int NameLength { get; init; } = 64;

    /// <summary>Bytes of one definition: a submission carries those that it names.</summary>
    public long Bytes { get; init; } = 64 << 10;
}
