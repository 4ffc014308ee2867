using JobCloud.Protocol.Api;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>All that was known at one moment. Never changed but for the rows of
/// <see cref="JobsView"/>: any thread may read it.</summary>
/// <param name="Version">Grows with each one.</param>
/// <param name="Counts">Jobs of the whole cloud by Status number.</param>
/// <param name="Events">Newest last.</param>
/// <param name="Usages">What jobs use that are looked at, by jid.</param>
/// <param name="Waits">Why jobs have not started, most jobs first.</param>
/// <param name="Truncated">Older submissions are not in it.</param>
internal sealed record Snapshot(
    long Version,
    JobsView Jobs,
    IReadOnlyList<NodeLine> Nodes,
    PulseView Pulse,
    IReadOnlyList<long> Counts,
    IReadOnlyList<EventRow> Events,
    IReadOnlyDictionary<long, UsedNow> Usages,
    IReadOnlyList<WaitCount> Waits,
    bool Truncated
)
{
    public static Snapshot Empty { get; } =
        new(
            0,
            JobsView.Empty,
            [],
            PulseView.Empty,
            [],
            [],
            new Dictionary<long, UsedNow>(),
            [],
            false
        );

    /// <summary>How many jobs are in a status.</summary>
    public long Count(Status status) => (int)status < Counts.Count ? Counts[(int)status] : 0;
}

/// <summary>The rows that fit the filter, in order. Which they are and their order stay; each is
/// there as it is now.</summary>
/// <param name="Total">Rows there are, fitting or not.</param>
internal sealed record JobsView(IReadOnlyList<JobRow> Rows, int Total)
{
    /// <summary>The same, with all rows as they were at this moment.</summary>
    public JobsView Still() => this with { Rows = [.. Rows] };

    public static JobsView Empty { get; } = new([], 0);
}

/// <summary>A node and what of it was in use, from 0 to 1 of its cores, a sample a second, newest
/// last.</summary>
/// <param name="Running">The oldest single jobs that it runs, at most
/// <see cref="CloudState.RunningKept"/>.</param>
internal sealed record NodeLine(
    NodeView Node,
    IReadOnlyList<double> Use,
    IReadOnlyList<JobRow> Running
);
