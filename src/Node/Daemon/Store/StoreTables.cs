namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// The tables of a store, made together with its version. The journal plugin could make its own,
/// but it makes none of its indexes when it is given connections rather than a provider's name, and
/// two that nobody reads when it is not.
/// </summary>
/// <param name="HasMark">Whether the store is marked as JobCloud's.</param>
/// <param name="HasAny">How many tables there are.</param>
/// <param name="Lock">Lets nodes that start together on an empty store in one at a time, until the
/// transaction ends.</param>
/// <param name="Create">Makes all tables.</param>
internal sealed record StoreTables(string HasMark, string HasAny, string Lock, string Create)
{
    /// <summary>
    /// The unique key is what fences a second writer off. Rows are never removed from the end, so
    /// their numbers need no AUTOINCREMENT, which would write one page more with each commit.
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

    /// <summary>Ids are compared byte by byte: other orders overlook punctuation.</summary>
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
