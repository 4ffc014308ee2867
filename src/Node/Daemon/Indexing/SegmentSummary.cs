using JobCloud.Protocol.Feed;
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

    private static readonly IReadOnlyList<RowColumn<long>> Numbers =
    [
        .. RowFields.Columns.OfType<RowColumn<long>>().Where(c => c.Fold != Fold.Single),
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
    ];

    /// <summary>Whether a column has its lowest and its highest value here.</summary>
    public static bool HasRange(RowColumn column) =>
        Numbers.Any(known => known.Name == column.Name);

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
        foreach (var column in Numbers)
            yield return rows.Select(column.Get)
                .Where(value => value > 0 || !IsInstant(column))
                .DefaultIfEmpty(long.MaxValue)
                .Min();
        foreach (var column in Numbers)
            yield return rows.Select(column.Get).DefaultIfEmpty(long.MinValue).Max();
        foreach (var column in Texts)
            yield return rows.Aggregate(0L, (marks, row) => marks | MarksOf(column, row));
    }

    private static bool IsSingle(FeedSlice slice) =>
        Protocol.Notation.Segments.Of(slice.SubmissionFirst)
        == Protocol.Notation.Segments.Of(slice.SubmissionLast);

    private static bool IsInstant(RowColumn column) => column.Fold is Fold.Earliest or Fold.Latest;

    /// <summary>The row of a map lacks what only single jobs have.</summary>
    private static long MarksOf(RowColumn<string> column, Protocol.Api.JobRow row) =>
        MarkOf(column.Get(row)) | (column.Fold == Fold.Single ? MarkOf("") : 0);

    private static string Combine(string function, string name) =>
        $"{name} = {function}(segments.{name}, excluded.{name})";
}
