using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The schema of the index, and the statements that change it.</summary>
internal static class IndexTables
{
    public const string Unfinished = "(waiting + queued + processing)";
    public const string Ended = "(done + error + killed + stalled)";
    public const string Failed = "(error + killed + stalled)";
    public const string Size = "(last - first + 1)";
    public const string NotAllDeleted = "deleted < last - first + 1";

    /// <summary>Whether a submission has slices in several segments.</summary>
    public static readonly string Spanning =
        $"((submission_first >> {Segments.Shift}) <> (submission_last >> {Segments.Shift}))";

    /// <summary>The numbers of a segment's jobs by status number.</summary>
    public static IReadOnlyList<string> Totals { get; } =
    [.. Enumerable.Range(0, Statuses.Count).Select(s => SliceColumns.CountOf((Status)s))];

    /// <summary>The columns of the segments, in their order.</summary>
    public static IReadOnlyList<string> SegmentColumns { get; } =
    [
        "segment",
        "sequence_nr",
        "unfinished",
        "erase",
        "highest",
        .. Totals,
        .. SegmentSummary.Columns,
    ];

    private const int Exact = 5;

    public static string Create { get; } =
        $"""
            CREATE TABLE IF NOT EXISTS slices (
                {string.Join(", ", SliceColumns.All.Select(c => $"{c.Name} {c.Type} NOT NULL"))},
                PRIMARY KEY (first)
            );
            CREATE TABLE IF NOT EXISTS segments (
                segment INTEGER PRIMARY KEY,
                sequence_nr BIGINT NOT NULL,
                unfinished INTEGER NOT NULL,
                erase INTEGER NOT NULL,
                highest BIGINT NOT NULL,
                {string.Join(", ", SegmentColumns.Skip(Exact).Select(c => $"{c} NOT NULL"))}
            );
            CREATE INDEX IF NOT EXISTS segments_deleted ON segments (segment) WHERE deleted > 0;
            CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS slices_submission ON slices (submission_first);
            CREATE INDEX IF NOT EXISTS slices_spanning ON slices (submission_first)
                WHERE {Spanning};
            CREATE INDEX IF NOT EXISTS slices_label ON slices (label) WHERE label <> '';
            CREATE INDEX IF NOT EXISTS slices_label_failed ON slices (label)
                WHERE label <> '' AND {Failed} > 0;
            CREATE INDEX IF NOT EXISTS slices_request ON slices (request_id) WHERE request_id <> '';
            CREATE INDEX IF NOT EXISTS slices_unfinished ON slices (first)
                WHERE {Unfinished} > 0;
            CREATE INDEX IF NOT EXISTS slices_failed ON slices (first)
                WHERE {Failed} > 0;
            """;

    /// <summary>Changes with the schema: a file with another version is recreated.</summary>
    public static int Version { get; } =
        BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Create)));

    /// <summary>The parameters are the columns, in their order.</summary>
    public static string UpsertSlice { get; } =
        $"""
            INSERT INTO slices ({SliceColumns.Names})
            VALUES ({string.Join(", ", SliceColumns.All.Select(c => $"@{c.Name}"))})
            ON CONFLICT (first) DO UPDATE SET
            {string.Join(
                ", ",
                SliceColumns.All.Skip(1).Select(c => $"{c.Name} = excluded.{c.Name}")
            )}
            """;

    public static string UpsertSegment { get; } =
        $"""
            INSERT INTO segments ({string.Join(", ", SegmentColumns)})
            VALUES ({string.Join(", ", SegmentColumns.Select(name => $"@{name}"))})
            ON CONFLICT (segment) DO UPDATE SET
            {string.Join(
                ", ",
                SegmentColumns
                    .Skip(1)
                    .SkipLast(SegmentSummary.Columns.Count)
                    .Select(name => $"{name} = excluded.{name}")
                    .Concat(SegmentSummary.Widen)
            )}
            """;

    public const string DeleteSlice = "DELETE FROM slices WHERE first = @first";

    public const string DeleteSlices = "DELETE FROM slices WHERE first BETWEEN @first AND @last";

    public const string DeleteSegment = "DELETE FROM segments WHERE segment = @segment";
}
