namespace JobCloud.Protocol.Scheduling;

/// <summary>A map with limits: how many of its jobs may run at once, and how many may
/// fail.</summary>
public sealed class MapAccount(long submissionFirst)
{
    public long SubmissionFirst { get; } = submissionFirst;

    /// <summary>The limit of active jobs; 0: no limit.</summary>
    public int MaxParallel { get; internal set; }

    /// <summary>The number of failures that ends the rest of the map; 0: no limit.</summary>
    public int MaxFails { get; internal set; }

    /// <summary>The number of assigned or running jobs.</summary>
    public int Running { get; internal set; }

    /// <summary>Failed jids: a repeated report counts once, and a retry removes its jid.</summary>
    internal HashSet<long> Failed { get; } = [];

    /// <summary>When its kill was last requested; 0: never.</summary>
    internal long KilledAt { get; set; }
    internal int Uses { get; set; }

    public int Failures => Failed.Count;
    public bool ReachedMaxFails => MaxFails > 0 && Failed.Count >= MaxFails;

    /// <summary>The number of further jobs that may be assigned.</summary>
    public int Allowance =>
        ReachedMaxFails ? 0
        : MaxParallel == 0 ? int.MaxValue
        : Math.Max(0, MaxParallel - Running);

    internal MapAccount Copy()
    {
        var copy = new MapAccount(SubmissionFirst)
        {
            MaxParallel = MaxParallel,
            MaxFails = MaxFails,
            Running = Running,
            KilledAt = KilledAt,
            Uses = Uses,
        };
        copy.Failed.UnionWith(Failed);
        return copy;
    }

    internal void RemoveFailures(long first, long last)
    {
        if (Failed.Count > 0)
            Failed.RemoveWhere(jid => jid >= first && jid <= last);
    }
}
