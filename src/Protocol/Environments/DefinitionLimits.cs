namespace JobCloud.Protocol.Environments;

/// <summary>Limits of environments and volumes (<c>jobcloud.definitions</c>).</summary>
public sealed record DefinitionLimits
{
    /// <summary>Bytes of all definitions of one kind: nodes send their list in one
    /// message.</summary>
    public long TotalBytes { get; init; } = 512 << 10;

    /// <summary>Directories beneath which users define volumes and roots
    /// (<c>jobcloud.volumes.allowed</c>); elsewhere only admins do.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Characters of a name.</summary>
    public int NameLength { get; init; } = 64;

    /// <summary>Bytes of one definition: a submission contains those that it names.</summary>
    public long Bytes { get; init; } = 64 << 10;
}
