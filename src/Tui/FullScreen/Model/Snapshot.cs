using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>The state of the cloud at one moment. Immutable, except for the rows of
/// <see cref="JobsView"/>; any thread can read it.</summary>
/// <param name="Version">Increases with each snapshot.</param>
/// <param name="Counts">Jobs of the whole cloud, by status number.</param>
/// <param name="Events">Newest last.</param>
/// <param name="EventsSince">From when on no event is missing, in µs; null: the past events are
/// not here yet.</param>
/// <param name="Usages">The usage of the visible jobs, by jid.</param>
/// <param name="Waits">The reasons why jobs have not started, most jobs first.</param>
/// <param name="Processing">Single jobs that are processing, at most
/// <see cref="FeedLimits.Visible"/>, while the order depends on their usage; else empty.</param>
/// <param name="Truncated">Whether older submissions are missing.</param>
internal sealed record Snapshot(
    long Version,
    JobsView Jobs,
    IReadOnlyList<NodeLine> Nodes,
    PulseView Pulse,
    IReadOnlyList<long> Counts,
    IReadOnlyList<EventRow> Events,
    long? EventsSince,
    IReadOnlyDictionary<long, CurrentUsage> Usages,
    IReadOnlyList<WaitCount> Waits,
    IReadOnlyList<long> Processing,
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
            null,
            new Dictionary<long, CurrentUsage>(),
            [],
            [],
            false
        );

    /// <summary>The number of jobs in a status.</summary>
    public long Count(Status status) => (int)status < Counts.Count ? Counts[(int)status] : 0;
}

/// <summary>The rows that match the filter, in order. Membership and order are fixed; each row
/// shows its current state.</summary>
/// <param name="Total">The number of all rows, matching or not.</param>
/// <param name="Query">The filter and order.</param>
internal sealed record JobsView(IReadOnlyList<JobRow> Rows, int Total, TableQuery Query)
{
    /// <summary>A copy in which the rows no longer change.</summary>
    public JobsView Frozen() => this with { Rows = [.. Rows] };

    public static JobsView Empty { get; } = new([], 0, TableQuery.All);
}

/// <summary>A node, with the share of its cores in use (0 to 1), one sample per second, newest
/// last.</summary>
/// <param name="Running">The oldest single jobs that it runs, at most
/// <see cref="CloudState.RunningKept"/>.</param>
internal sealed record NodeLine(
    NodeView Node,
    IReadOnlyList<double> Use,
    IReadOnlyList<JobRow> Running
);
