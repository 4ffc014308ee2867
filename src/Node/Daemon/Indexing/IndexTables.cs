using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The schema of the index, and the statements that change it.</summary>
internal static class IndexTables
{
    public const string Unfinished = "(waiting + queued + processing)";
    public const string Failed = "(error + killed + stalled)";
    public const string Size = "(last - first + 1)";
    public const string NotAllDeleted = "deleted < last - first + 1";

    public const string SomeDeleted = "deleted > 0";

    public static string Create { get; } =
        $"""
            CREATE TABLE IF NOT EXISTS slices (
                {string.Join(", ", SliceColumns.All.Select(c => $"{c.Name} {c.Type} NOT NULL"))},
                PRIMARY KEY (first)
            );
            CREATE TABLE IF NOT EXISTS segments (
                segment INTEGER PRIMARY KEY,
                sequence_nr BIGINT NOT NULL,
                unfinished INTEGER NOT NULL
            );
            CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS slices_submission ON slices (submission_first);
            CREATE INDEX IF NOT EXISTS slices_label ON slices (label, submission_first) WHERE label <> '';
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

    public const string UpsertSegment = """
        INSERT INTO segments (segment, sequence_nr, unfinished)
        VALUES (@segment, @sequence_nr, @unfinished)
        ON CONFLICT (segment) DO UPDATE SET
        sequence_nr = excluded.sequence_nr, unfinished = excluded.unfinished
        """;

    public const string DeleteSlice = "DELETE FROM slices WHERE first = @first";

    public const string DeleteSegment = """
        DELETE FROM slices WHERE first >> 10 = @segment;
        DELETE FROM segments WHERE segment = @segment;
        """;
}
