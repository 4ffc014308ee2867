namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>The schema of the read model, and what the parts of a row are called.</summary>
public static class IndexTables
{
    /// <summary>A file of another version is thrown away and made anew.</summary>
    public const int Version = 2;

    /// <summary>In the order of the parameters of <see cref="UpsertSlice"/>; the key comes first.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "first",
        "last",
        "submission_first",
        "submission_last",
        "is_map",
        "owner",
        "label",
        "command",
        "priority",
        "cores",
        "created",
        "started",
        "finished",
        "waiting",
        "queued",
        "processing",
        "done",
        "error",
        "killed",
        "stalled",
        "deleted",
        "node",
        "reason_code",
        "reason_number",
        "reason_text",
        "attempt",
        "request_id",
    ];

    public const string Unfinished = "(waiting + queued + processing)";
    public const string Failed = "(error + killed + stalled)";
    public const string Size = "(last - first + 1)";
    public const string NotAllDeleted = "deleted < last - first + 1";

    public const string Create = """
        CREATE TABLE IF NOT EXISTS slices (
            first INTEGER PRIMARY KEY,
            last BIGINT NOT NULL,
            submission_first BIGINT NOT NULL,
            submission_last BIGINT NOT NULL,
            is_map INTEGER NOT NULL,
            owner TEXT NOT NULL,
            label TEXT NOT NULL,
            command TEXT NOT NULL,
            priority INTEGER NOT NULL,
            cores INTEGER NOT NULL,
            created BIGINT NOT NULL,
            started BIGINT NOT NULL,
            finished BIGINT NOT NULL,
            waiting INTEGER NOT NULL,
            queued INTEGER NOT NULL,
            processing INTEGER NOT NULL,
            done INTEGER NOT NULL,
            error INTEGER NOT NULL,
            killed INTEGER NOT NULL,
            stalled INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            node TEXT NOT NULL,
            reason_code INTEGER NOT NULL,
            reason_number BIGINT NOT NULL,
            reason_text TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            request_id TEXT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS segments (
            segment INTEGER PRIMARY KEY,
            sequence_nr BIGINT NOT NULL,
            unfinished INTEGER NOT NULL
        );
        CREATE INDEX IF NOT EXISTS slices_submission ON slices (submission_first);
        CREATE INDEX IF NOT EXISTS slices_label ON slices (label, submission_first) WHERE label <> '';
        CREATE INDEX IF NOT EXISTS slices_request ON slices (request_id) WHERE request_id <> '';
        CREATE INDEX IF NOT EXISTS slices_unfinished ON slices (first)
            WHERE (waiting + queued + processing) > 0;
        CREATE INDEX IF NOT EXISTS slices_failed ON slices (first)
            WHERE (error + killed + stalled) > 0;
        """;

    public static string UpsertSlice { get; } =
        $"""
            INSERT INTO slices ({string.Join(", ", Columns)})
            VALUES ({string.Join(", ", Columns.Select(column => $"@{column}"))})
            ON CONFLICT (first) DO UPDATE SET
            {string.Join(", ", Columns.Skip(1).Select(column => $"{column} = excluded.{column}"))}
            """;

    public const string UpsertSegment = """
        INSERT INTO segments (segment, sequence_nr, unfinished)
        VALUES (@segment, @sequence_nr, @unfinished)
        ON CONFLICT (segment) DO UPDATE SET
        sequence_nr = excluded.sequence_nr, unfinished = excluded.unfinished
        """;

    public const string DeleteSlice = "DELETE FROM slices WHERE first = @first";
}
