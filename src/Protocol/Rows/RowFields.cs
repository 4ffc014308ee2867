using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.Rows;

/// <summary>
/// THE catalogue of row fields. The index's table, feeds, the query language, sorting, lists,
/// screens, help and completion derive from it.
/// </summary>
public static class RowFields
{
    private static readonly JobSpec NoSpec = new();

    /// <summary>Jids; lists without an order sort by it, the largest first.</summary>
    public static RowField Jid { get; } =
        new RowField.Number("jid", "its jid, or any jid of a map", row => (row.First, row.Last))
        {
            Screen = new(0, "JID", 11, 0),
        };

    public static RowField Status { get; } =
        new RowField.Statuses("status", "its status, or that of any job of a map")
        {
            Screen = new(1, "STATUS", 12, 1),
        };

    public static RowField Label { get; } =
        Text(
            "its label",
            new(
                "label",
                Fold.Shared,
                r => r.Label,
                (r, v) => r.Label = v,
                j => SpecOf(j).Label,
                IsConstant: true
            ),
            new(2, "LABEL", 14, 4, Most: 30)
        );

    public static RowField Command { get; } =
        Text(
            "its command",
            new(
                "command",
                Fold.Shared,
                r => r.Command,
                (r, v) => r.Command = v,
                j => j.Command,
                IsConstant: true
            ),
            new(3, "COMMAND", 0, 2)
        );

    public static RowField Owner { get; } =
        Text(
            "its owner; me: you",
            new(
                "owner",
                Fold.Shared,
                r => r.Owner,
                (r, v) => r.Owner = v,
                j => j.Owner,
                IsConstant: true
            ),
            new(9, "OWNER", 9, 9, Most: 14)
        );

    public static RowField Reason { get; } =
        new RowField.Text("reason", "reason for its status", row => ReasonText.For(row.Reason))
        {
            Columns = ReasonColumns.All,
            Screen = new(13, "REASON", 26, 5, Most: 60),
        };

    public static RowField Jobs { get; } =
        new RowField.Number("jobs", "number of jobs of a map", r => One(r.Last - r.First + 1));

    public static RowField Failed { get; } =
        new RowField.Number(
            "failed",
            "number of failed jobs (error, killed or stalled)",
            row => One(CountFailed(row))
        );

    public static IReadOnlyList<RowField> All { get; } =
    [
        Jid,
        Status,
        Label,
        Command,
        Owner,
        Text(
            "node of its last attempt",
            new("node", Fold.Single, r => r.Node, (r, v) => r.Node = v, j => j.Node),
            new(4, "NODE", 8, 7, Most: 16)
        ),
        Reason,
        Number(
            "its priority, lower first",
            new(
                "priority",
                Fold.Shared,
                r => r.Priority,
                (r, v) => r.Priority = (int)v,
                j => SpecOf(j).Priority
            ),
            new(11, "PRI", 3, 12, Right: true)
        ),
        Number(
            "number of cores it counts as",
            new(
                "cores",
                Fold.Shared,
                r => r.Cores,
                (r, v) => r.Cores = (int)v,
                j => PlacementSize.Cores(SpecOf(j).Cores),
                IsConstant: true
            ),
            new(10, "CORES", 5, 11, Right: true)
        ),
        Number(
            "number of its last attempt",
            new(
                "attempt",
                Fold.Greatest,
                r => r.Attempt,
                (r, v) => r.Attempt = (int)v,
                j => j.Attempt
            ),
            new(12, "ATT", 3, 13, Right: true)
        ),
        Jobs,
        Failed,
        Instant(
            "when it was submitted",
            new(
                "created",
                Fold.Earliest,
                r => r.Created,
                (r, v) => r.Created = v,
                j => j.Created,
                IsConstant: true
            ),
            new(8, "AGE", 4, 6, Right: true)
        ),
        Instant(
            "when it started",
            new("started", Fold.Earliest, r => r.Started, (r, v) => r.Started = v, j => j.Started)
        ),
        Instant(
            "when it finished",
            new("finished", Fold.Latest, r => r.Finished, (r, v) => r.Finished = v, j => j.Finished)
        ),
        new RowField.Duration("runtime", "how long it ran, so far while processing", Runtime)
        {
            Screen = new(5, "RUN", 5, 3, Right: true),
        },
    ];

    /// <summary>All stored columns of a row, except its jids and counts.</summary>
    public static IReadOnlyList<RowColumn> Columns { get; } =
    [.. All.SelectMany(field => field.Columns)];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(field => field.Name)];

    public static RowField? Find(string name) => All.FirstOrDefault(field => field.Name == name);

    private static RowField.Text Text(
        string help,
        RowColumn<string> stored,
        ScreenColumn? screen = null
    ) => new(stored.Name, help, stored.Get) { Columns = [stored], Screen = screen };

    private static RowField.Number Number(
        string help,
        RowColumn<long> stored,
        ScreenColumn? screen = null
    ) =>
        new(stored.Name, help, row => One(stored.Get(row))) { Columns = [stored], Screen = screen };

    private static RowField.Instant Instant(
        string help,
        RowColumn<long> stored,
        ScreenColumn? screen = null
    ) => new(stored.Name, help, stored.Get) { Columns = [stored], Screen = screen };

    /// <summary>The spec of a job, which a deleted job no longer has.</summary>
    private static JobSpec SpecOf(JobDetail job) => job.Spec ?? NoSpec;

    private static (long Low, long High) One(long number) => (number, number);

    private static long CountFailed(JobRow row) =>
        RowField.Statuses.Count(row, Protocol.Status.Error)
        + RowField.Statuses.Count(row, Protocol.Status.Killed)
        + RowField.Statuses.Count(row, Protocol.Status.Stalled);

    private static long? Runtime(JobRow row, long now)
    {
        if (row.Started <= 0)
            return null;
        return Math.Max(0, (row.Finished > 0 ? row.Finished : now) - row.Started);
    }
}
