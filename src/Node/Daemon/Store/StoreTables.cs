namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// The tables of a store, made together with its version. The journal plugin could make its own, but it
/// makes none of its indexes when it is given connections rather than a provider's name, and two that
/// nobody reads when it is not.
/// </summary>
public static class StoreTables
{
    /// <summary>
    /// The unique key is what fences a second writer off. Rows are never removed from the end, so their
    /// numbers need no AUTOINCREMENT, which would write one page more with each commit.
    /// </summary>
    public const string Sqlite = """
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
        """;
}
