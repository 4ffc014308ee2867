using JobCloud.Protocol.Api;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Protocol.Queries;

/// <summary>Every field of a row. The query language, sorting, help and completion come from it.</summary>
public static class RowFields
{
    internal const string Owner = "owner";

    /// <summary>Jids; the order of a list that names none is the largest first.</summary>
    public static RowField Jid { get; } =
        new RowField.Number("jid", "its jid, or any of a map's", row => (row.First, row.Last));

    public static RowField.Text Label { get; } = new("label", "its label", row => row.Label);

    public static RowField.Text Command { get; } =
        new("command", "its command", row => row.Command);

    public static IReadOnlyList<RowField> All { get; } =
    [
        Jid,
        new RowField.Statuses("status", "its status, or any that a job of the map is in"),
        Label,
        Command,
        new RowField.Text(Owner, "who submitted it; me: you", row => row.Owner),
        new RowField.Text("node", "where its last attempt runs or ran", row => row.Node),
        new RowField.Text("reason", "why it is in its status", row => Sentence.For(row.Reason)),
        new RowField.Number("priority", "its priority, lower first", row => One(row.Priority)),
        new RowField.Number("cores", "how many cores it may use", row => One(row.Cores)),
        new RowField.Number("attempt", "how often it was given to a node", row => One(row.Attempt)),
        new RowField.Number(
            "jobs",
            "how many jobs a map has",
            row => One(row.Last - row.First + 1)
        ),
        new RowField.Number(
            "failed",
            "how many ended error, killed or stalled",
            row => One(Failed(row))
        ),
        new RowField.Instant("created", "when it was submitted", row => row.Created),
        new RowField.Instant("started", "when it started", row => row.Started),
        new RowField.Instant("finished", "when it finished", row => row.Finished),
        new RowField.Duration("runtime", "how long it ran, so far while processing", Runtime),
    ];

    public static RowField? Find(string name) => All.FirstOrDefault(field => field.Name == name);

    private static (long Low, long High) One(long number) => (number, number);

    private static long Failed(JobRow row)
    {
        var failed = 0L;
        foreach (var status in (ReadOnlySpan<Status>)[Status.Error, Status.Killed, Status.Stalled])
            failed += RowField.Statuses.Count(row, status);
        return failed;
    }

    private static long? Runtime(JobRow row, long now)
    {
        if (row.Started <= 0)
            return null;
        return Math.Max(0, (row.Finished > 0 ? row.Finished : now) - row.Started);
    }
}
