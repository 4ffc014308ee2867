using System.Text;

namespace JobCloud.Node.Daemon.Outputs.Stored;

/// <summary>The table of kept outputs, and what is asked of it; the same on both stores but for its
/// making.</summary>
internal static class StoredTables
{
    /// <summary>A file of its own: results come and go, and its writer must not hold up the
    /// journal's.</summary>
    public static string CreateSqlite { get; } =
        "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; " + Create("BLOB");

    /// <summary>Nodes that start at the same time make it one after another.</summary>
    public static string CreatePostgreSql { get; } =
        "BEGIN; LOCK TABLE jobcloud_store IN SHARE ROW EXCLUSIVE MODE; "
        + Create("BYTEA")
        + " COMMIT;";

    public const string Insert =
        "INSERT INTO outputs (jid, attempt, stream, first, size, ended, bytes, data) VALUES ";

    /// <summary>Written a second time after a crash, a part is the same.</summary>
    public const string InsertEnd = " ON CONFLICT (jid, attempt, stream, first) DO NOTHING";

    /// <summary>How a stream begins.</summary>
    public const string Head =
        $"SELECT first, size FROM outputs WHERE {OfStream} ORDER BY first LIMIT 1";

    /// <summary>The part that a byte lies in.</summary>
    public const string PartAt =
        $"SELECT first, data FROM outputs WHERE {OfStream} AND first <= @offset ORDER BY first DESC LIMIT 1";

    /// <summary>All parts of the attempts that are wanted, in order, with the bytes of those that
    /// reach into the end of the wanted stream.</summary>
    /// <param name="wanted">Rows of a number, jid, attempt, stream and bytes of the end.</param>
    public static string Ends(StringBuilder wanted) =>
        $"""
            WITH wanted (number, jid, attempt, stream, tail) AS (VALUES {wanted})
            SELECT wanted.number, first,
                CASE WHEN outputs.stream = wanted.stream AND first + bytes > size - tail THEN data END
            FROM wanted JOIN outputs
                ON outputs.jid = wanted.jid AND outputs.attempt = wanted.attempt
            ORDER BY wanted.number, first
            """;

    public const string Any = $"SELECT 1 FROM outputs WHERE {OfAttempt} LIMIT 1";

    public const string Forget = $"DELETE FROM outputs WHERE {OfAttempt}";

    public const string Total = "SELECT COALESCE(SUM(bytes), 0) FROM outputs";

    /// <summary>The newest end that must go so that all newer ones are within a limit.</summary>
    public const string OverTotal = """
        SELECT ended FROM (
            SELECT ended, SUM(bytes) OVER (ORDER BY ended DESC) AS total FROM outputs
        ) AS sums WHERE total > @limit ORDER BY ended DESC LIMIT 1
        """;

    public const string Drop = "DELETE FROM outputs WHERE ended <= @until";

    private const string OfAttempt = "jid = @jid AND attempt = @attempt";
    private const string OfStream = $"{OfAttempt} AND stream = @stream";

    private static string Create(string bytes) =>
        $"""
            CREATE TABLE IF NOT EXISTS outputs (
                jid BIGINT NOT NULL,
                attempt INTEGER NOT NULL,
                stream INTEGER NOT NULL,
                first BIGINT NOT NULL,
                size BIGINT NOT NULL,
                ended BIGINT NOT NULL,
                bytes INTEGER NOT NULL,
                data {bytes} NOT NULL,
                PRIMARY KEY (jid, attempt, stream, first)
            );
            CREATE INDEX IF NOT EXISTS outputs_ended ON outputs (ended, bytes);
            """;
}
