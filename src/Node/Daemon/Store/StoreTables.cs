namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// The tables of a store, created together with its version. The journal plugin is not used for
/// that: given connections it creates no indexes, and given a provider's name it creates two that
/// no query uses.
/// </summary>
/// <param name="HasMark">Query whether the store is marked as JobCloud's.</param>
/// <param name="HasAny">Query for the number of tables.</param>
/// <param name="Lock">Lock, held until the transaction ends, for nodes that start together on an
/// empty store.</param>
/// <param name="Create">Creates all tables.</param>
internal sealed record StoreTables(string HasMark, string HasAny, string Lock, string Create)
{
    /// <summary>
    /// The unique key fences off a second writer. Rows are never removed from the end, so their
    /// numbers need no AUTOINCREMENT, which would write one more page per commit.
    /// </summary>
    public static StoreTables Sqlite { get; } =
        new(
            "SELECT count(*) FROM sqlite_master WHERE name = 'jobcloud_store'",
            "SELECT count(*) FROM sqlite_master",
            "SELECT 1",
            """
            CREATE TABLE jobcloud_store (
                version INTEGER NOT NULL,
                cloud_id TEXT NOT NULL,
                created TEXT NOT NULL
            );
            CREATE TABLE journal (
                ordering INTEGER PRIMARY KEY,
                created BIGINT NOT NULL,
                deleted BIT NOT NULL,
                persistence_id TEXT NOT NULL,
                sequence_number BIGINT NOT NULL,
                message BLOB NOT NULL,
                tags TEXT NULL,
                manifest TEXT NULL,
                identifier INTEGER NULL,
                UNIQUE (persistence_id, sequence_number)
            );
            """
        );

    /// <summary>IDs are compared byte by byte: other collations ignore punctuation.</summary>
    public static StoreTables PostgreSql { get; } =
        new(
            """
            SELECT count(*) FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_name = 'jobcloud_store'
            """,
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()",
            "SELECT pg_advisory_xact_lock(hashtext('jobcloud_store'))",
            """
            CREATE TABLE jobcloud_store (
                version INTEGER NOT NULL,
                cloud_id TEXT NOT NULL,
                created TEXT NOT NULL
            );
            CREATE TABLE journal (
                ordering BIGSERIAL PRIMARY KEY,
                created BIGINT NOT NULL,
                deleted BOOLEAN NOT NULL,
                persistence_id TEXT COLLATE "C" NOT NULL,
                sequence_number BIGINT NOT NULL,
                message BYTEA NOT NULL,
                tags TEXT NULL,
                manifest TEXT NULL,
                identifier INTEGER NULL,
                UNIQUE (persistence_id, sequence_number)
            );
            """
        );
}
