namespace JobCloud.Protocol.Scheduling;

/// <summary>A submission with a limit of its own: how many may run at once, how many may
/// fail.</summary>
public sealed class MapAccount(long submissionFirst)
{
    public long SubmissionFirst { get; } = submissionFirst;

    /// <summary>0: no limit.</summary>
    public int MaxParallel { get; internal set; }

    /// <summary>The failure that ends the rest of the map is this one; 0: no limit.</summary>
    public int MaxFails { get; internal set; }

    /// <summary>Assigned or running now.</summary>
    public int Running { get; internal set; }

    /// <summary>Jids, so that a failure told twice counts once and a retry takes it back.</summary>
    internal HashSet<long> Failed { get; } = [];

    /// <summary>When its kill was last asked for; 0: never.</summary>
    internal long KilledAt { get; set; }
    internal int Uses { get; set; }

    public int Failures => Failed.Count;
    public bool Condemned => MaxFails > 0 && Failed.Count >= MaxFails;

    /// <summary>How many more may be assigned.</summary>
    public int Allowance =>
        Condemned ? 0
        : MaxParallel == 0 ? int.MaxValue
        : Math.Max(0, MaxParallel - Running);

    internal void TakeBackFailures(long first, long last)
    {
        if (Failed.Count > 0)
            Failed.RemoveWhere(jid => jid >= first && jid <= last);
    }
}
