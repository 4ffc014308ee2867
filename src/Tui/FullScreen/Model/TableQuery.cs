using JobCloud.Protocol.Queries;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>An order by what jobs use now; those whose usage is not known come last.</summary>
/// <param name="Column">A column of usage.</param>
internal sealed record UsageOrder(JobColumn Column, bool Descending)
{
    /// <summary>Negative: the job with the first rank comes first.</summary>
    public int Compare(long? a, long? b) =>
        a is null || b is null ? (a is null).CompareTo(b is null)
        : Descending ? b.Value.CompareTo(a.Value)
        : a.Value.CompareTo(b.Value);
}

/// <summary>What the job table shows, and in what order.</summary>
/// <param name="By">Null: the order of the query.</param>
internal sealed record TableQuery(BoundQuery Bound, UsageOrder? By = null)
{
    /// <summary>All rows, newest first.</summary>
    public static TableQuery All { get; } = new(new BoundQuery(null, [], null));

    public bool IsNewestFirst => By is null && Bound.Sort.Count == 0;
}
