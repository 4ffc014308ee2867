namespace JobCloud.Protocol.Scheduling;

/// <summary>What one owner's assigned and running jobs hold.</summary>
public sealed class OwnerAccount(string name)
{
    public string Name { get; } = name;
    public long CoresInUse { get; internal set; }

    /// <summary>How many demands name this owner.</summary>
    internal int Uses { get; set; }
}
