using System.Text;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>The queries on the table of stored outputs, the same for both stores
/// (Store/TableMigration.cs).</summary>
internal static class OutputTables
{
    /// <summary>Of a separate file: results are added and deleted all the time, and must not block
    /// the journal's writer.</summary>
    public const string PrepareSqlite = "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL;";

    public const string Insert =
        "INSERT INTO outputs (jid, attempt, stream, first, size, ended, bytes, data) VALUES ";

    /// <summary>A part written again after a crash is identical.</summary>
    public const string InsertEnd = " ON CONFLICT (jid, attempt, stream, first) DO NOTHING";

    /// <summary>Selects the start of a stream.</summary>
    public const string Head =
        $"SELECT first, size FROM outputs WHERE {OfStream} ORDER BY first LIMIT 1";

    /// <summary>Selects the part that contains a byte.</summary>
    public const string PartAt =
        $"SELECT first, data FROM outputs WHERE {OfStream} AND first <= @offset ORDER BY first DESC LIMIT 1";

    /// <summary>Selects all parts of the wanted attempts in order, with the data of those that
    /// overlap the end of the wanted stream.</summary>
    /// <param name="wanted">Rows of number, jid, attempt, stream and size of the end in
    /// bytes.</param>
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

    /// <summary>Selects the newest end to delete so that all later ones stay within a
    /// limit.</summary>
    public const string OverTotal = """
        SELECT ended FROM (
            SELECT ended, SUM(bytes) OVER (ORDER BY ended DESC) AS total FROM outputs
        ) AS sums WHERE total > @limit ORDER BY ended DESC LIMIT 1
        """;

    /// <summary>The jids are the start of the key.</summary>
    public const string HighestJid = "SELECT max(jid) FROM outputs";

    public const string Drop = "DELETE FROM outputs WHERE ended <= @until";

    private const string OfAttempt = "jid = @jid AND attempt = @attempt";
    private const string OfStream = $"{OfAttempt} AND stream = @stream";
}
