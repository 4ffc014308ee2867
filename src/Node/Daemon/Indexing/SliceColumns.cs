using System.Data.Common;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>A column of the slice table.</summary>
/// <param name="Folded">SQL for the value of a whole submission, over its slices.</param>
/// <param name="Get">Returns the value to store for a slice.</param>
/// <param name="Read">Sets the stored value, at an ordinal, in a slice.</param>
internal sealed record SliceColumn(
    string Name,
    string Type,
    string Folded,
    Func<FeedSlice, object> Get,
    Action<FeedSlice, DbDataReader, int> Read
);

/// <summary>The columns of the slice table in order; the key is first.</summary>
internal static class SliceColumns
{
    public static IReadOnlyList<SliceColumn> All { get; } =
    [
        Number("first", "submission_first", s => s.Row.First, (s, jid) => s.Row.First = jid),
        Number("last", "submission_last", s => s.Row.Last, (s, jid) => s.Row.Last = jid),
        Number(
            "submission_first",
            null,
            s => s.SubmissionFirst,
            (s, jid) => s.SubmissionFirst = jid
        ),
        Number("submission_last", null, s => s.SubmissionLast, (s, jid) => s.SubmissionLast = jid),
        Text("request_id", s => s.RequestId, (s, id) => s.RequestId = id),
        .. Enumerable.Range(0, Statuses.Count).Select(status => CountColumn((Status)status)),
        .. RowFields.Columns.Select(OfRow),
    ];

    /// <summary>The columns to select for reading slices.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(column => column.Name));

    /// <summary>The expressions to select, grouped by submission, for reading a submission as one
    /// slice.</summary>
    public static string Folded { get; } = string.Join(", ", All.Select(column => column.Folded));

    /// <summary>Returns the column with the number of jobs in a status; for unspecified, the number
    /// of deleted jobs.</summary>
    public static string CountOf(Status status) =>
        status == Status.Unspecified ? "deleted" : StatusNames.Of(status);

    /// <summary>Reads the slices found by a query for <see cref="Names"/> or <see
    /// cref="Folded"/>.</summary>
    public static IEnumerable<FeedSlice> Read(DbCommand query)
    {
        using var reader = query.ExecuteReader();
        while (reader.Read())
        {
            var slice = new FeedSlice { Row = new JobRow() };
            for (var i = 0; i < All.Count; i++)
                All[i].Read(slice, reader, i);
            yield return slice;
        }
    }

    private static SliceColumn CountColumn(Status status) =>
        new(
            CountOf(status),
            "INTEGER",
            $"sum({CountOf(status)})",
            slice => slice.Row.Counts[(int)status],
            (slice, reader, i) => slice.Row.Counts.Add(reader.GetInt64(i))
        );

    private static SliceColumn OfRow(RowColumn column) =>
        column switch
        {
            RowColumn<string> text => Text(
                text.Name,
                slice => text.Get(slice.Row),
                (slice, value) => text.Set(slice.Row, value)
            ),
            RowColumn<long> number => Number(
                number.Name,
                FoldOf(number),
                slice => number.Get(slice.Row),
                (slice, value) => number.Set(slice.Row, value)
            ),
            _ => throw new NotSupportedException($"The index cannot store '{column.Name}'."),
        };

    /// <summary>Does in SQL what <see cref="RowBuilder.Submission"/> does.</summary>
    private static string? FoldOf(RowColumn column) =>
        column.Fold switch
        {
            Fold.Earliest => $"coalesce(min(nullif({column.Name}, 0)), 0)",
            Fold.Latest => $"CASE WHEN min({column.Name}) > 0 THEN max({column.Name}) ELSE 0 END",
            _ => null,
        };

    private static SliceColumn Text(
        string name,
        Func<FeedSlice, string> get,
        Action<FeedSlice, string> set
    ) =>
        new(
            name,
            "TEXT",
            $"max({name})",
            get,
            (slice, reader, i) => set(slice, reader.GetString(i))
        );

    private static SliceColumn Number(
        string name,
        string? folded,
        Func<FeedSlice, long> get,
        Action<FeedSlice, long> set
    ) =>
        new(
            name,
            "INTEGER",
            folded ?? $"max({name})",
            slice => get(slice),
            (slice, reader, i) => set(slice, reader.GetInt64(i))
        );
}
