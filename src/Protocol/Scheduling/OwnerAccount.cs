namespace JobCloud.Protocol.Scheduling;

/// <summary>The resources held by one owner's assigned and running jobs.</summary>
public sealed class OwnerAccount(string name)
{
    public string Name { get; } = name;
    public long CoresInUse { get; internal set; }

    /// <summary>The number of demands with this owner.</summary>
    internal int Uses { get; set; }

    internal OwnerAccount Copy() => new(Name) { CoresInUse = CoresInUse, Uses = Uses };
}
