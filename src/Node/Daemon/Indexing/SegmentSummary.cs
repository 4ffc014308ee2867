using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>
/// The columns of a segment that say which values its submissions may have, so that a list skips
/// segments without a match. They cover submissions of one slice; those of several segments are few
/// and have an index. A change only widens them; all rows of a segment set them anew.
/// </summary>
internal static class SegmentSummary
{
    /// <summary>Whether it has a submission of one slice.</summary>
    public const string HasSingles = "has_singles";

    /// <summary>The <see cref="TextTrigrams"/> of all labels and commands.</summary>
    public const string Trigrams = "trigrams";

    /// <summary>The length of an ended run; of a current run, it grows.</summary>
    public const string Runtime = "runtime";

    /// <param name="Of">The value of a row; null if it has none.</param>
    private sealed record Ranged(string Name, Func<JobRow, long?> Of);

    private static readonly IReadOnlyList<Ranged> Numbers =
    [
        .. RowFields.Columns.OfType<RowColumn<long>>().Where(c => c.Fold != Fold.Single).Select(Of),
        new(Runtime, row => row is { Started: > 0, Finished: > 0 } ? RuntimeOf(row) : null),
    ];

    private static readonly IReadOnlyList<RowColumn<string>> Texts =
    [
        .. RowFields
            .All.OfType<RowField.Text>()
            .Where(field => field.Columns.Count == 1)
            .Select(field => (RowColumn<string>)field.Columns[0]),
    ];

    /// <summary>The names of the columns, in their order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        HasSingles,
        .. Numbers.Select(column => Low(column.Name)),
        .. Numbers.Select(column => High(column.Name)),
        .. Texts.Select(column => Marks(column.Name)),
        Trigrams,
    ];

    /// <summary>What an upsert sets if the segment is known, in the order of the
    /// columns.</summary>
    public static IReadOnlyList<string> Widen { get; } =
    [
        Combine("max", HasSingles),
        .. Numbers.Select(column => Combine("min", Low(column.Name))),
        .. Numbers.Select(column => Combine("max", High(column.Name))),
        .. Texts
            .Select(column => Marks(column.Name))
            .Select(name => $"{name} = segments.{name} | excluded.{name}"),
        Combine(TextTrigrams.Union, Trigrams),
    ];

    /// <summary>Whether a column has its lowest and its highest value here.</summary>
    public static bool HasRange(RowColumn column) =>
        Numbers.Any(known => known.Name == column.Name);

    /// <summary>SQL for the best rank by a sort key that a submission of one slice may have;
    /// <see cref="NoRank"/> if none has a value. Null: the ranges do not tell.</summary>
    public static string? BestRank(BoundSortKey key) =>
        key.Field switch
        {
            RowField.Duration =>
                $"CASE WHEN {IndexTables.Unfinished} > 0 THEN {(key.Descending ? long.MaxValue : 0)} "
                    + $"ELSE {Best(key, Runtime)} END",
            { Columns: [var column] } when HasRange(column) => Best(key, column.Name),
            _ => null,
        };

    /// <summary>Stands for no rank.</summary>
    public static long NoRank(BoundSortKey key) => key.Descending ? long.MinValue : long.MaxValue;

    private static string Best(BoundSortKey key, string column) =>
        key.Descending ? High(column) : Low(column);

    /// <summary>The lowest value; of an instant, the lowest that is set.</summary>
    public static string Low(string column) => $"low_{column}";

    public static string High(string column) => $"high_{column}";

    /// <summary>The 64 marks of the values of a text.</summary>
    public static string Marks(string column) => $"marks_{column}";

    /// <summary>The mark of a text: one of 64 bits.</summary>
    public static long MarkOf(string text)
    {
        // FNV-1a: the file is read by later processes, so it must not be a hash of this one.
        var hash = 14695981039346656037;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211;
        return 1L << (int)(hash >> 58);
    }

    /// <summary>The values of the columns for slices of one segment.</summary>
    public static IEnumerable<object> Of(IEnumerable<FeedSlice> slices)
    {
        var rows = slices.Where(IsSingle).Select(slice => slice.Row).ToList();
        yield return rows.Count > 0 ? 1 : 0;
        foreach (var number in Numbers)
            yield return rows.Min(number.Of) ?? long.MaxValue;
        foreach (var number in Numbers)
            yield return rows.Max(number.Of) ?? long.MinValue;
        foreach (var column in Texts)
            yield return rows.Aggregate(0L, (marks, row) => marks | MarksOf(column, row));
        yield return TextTrigrams.Of(rows.SelectMany(row => new[] { row.Label, row.Command }));
    }

    private static bool IsSingle(FeedSlice slice) =>
        Protocol.Notation.Segments.Of(slice.SubmissionFirst)
        == Protocol.Notation.Segments.Of(slice.SubmissionLast);

    /// <summary>The number of a row; an instant that is not set has none.</summary>
    private static Ranged Of(RowColumn<long> column) =>
        column.Fold is Fold.Earliest or Fold.Latest
            ? new(column.Name, row => column.Get(row) is > 0 and var instant ? instant : null)
            : new(column.Name, row => column.Get(row));

    private static long RuntimeOf(JobRow row) => Math.Max(0, row.Finished - row.Started);

    /// <summary>The row of a map lacks what only single jobs have.</summary>
    private static long MarksOf(RowColumn<string> column, JobRow row) =>
        MarkOf(column.Get(row)) | (column.Fold == Fold.Single ? MarkOf("") : 0);

    private static string Combine(string function, string name) =>
        $"{name} = {function}(segments.{name}, excluded.{name})";
}
