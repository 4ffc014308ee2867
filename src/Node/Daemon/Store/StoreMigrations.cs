namespace JobCloud.Node.Daemon.Store;

/// <summary>What makes a store of one version from that of the version before.</summary>
/// <param name="Version">The version that it makes.</param>
/// <param name="Sqlite">Its statements for an embedded store.</param>
/// <param name="PostgreSql">Its statements for a shared store.</param>
/// <param name="Results">Its statements for the file of results beside an embedded store.</param>
internal sealed record StoreMigration(
    int Version,
    string Sqlite,
    string PostgreSql,
    string Results = ""
);

/// <summary>All versions of the store. A node applies those that a store lacks in one transaction;
/// a new store gets all of them. A migration that has been released is never changed. The index has
/// none: a node rebuilds it from the journal.</summary>
internal static class StoreMigrations
{
    public static readonly IReadOnlyList<StoreMigration> All =
    [
        // The journal plugin does not create its table: given connections it creates no indexes,
        // and given a provider's name it creates two that no query uses. The unique key fences off
        // a second writer. On SQLite, rows are never removed from the end, so their numbers need
        // no AUTOINCREMENT, which would write one more page per commit. PostgreSQL compares IDs
        // byte by byte: other collations ignore punctuation.
        new(
            1,
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
            """,
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
        ),
        // Contents of submissions, once each, and who refers to them (Blobs/BlobRows.cs). On SQLite
        // their bytes are files beside the database.
        new(
            2,
            """
            CREATE TABLE blobs (
                sha256 BLOB PRIMARY KEY,
                size BIGINT NOT NULL,
                created BIGINT NOT NULL
            ) WITHOUT ROWID;
            CREATE TABLE blob_refs (
                sha256 BLOB NOT NULL,
                owner TEXT NOT NULL,
                submission_first BIGINT NOT NULL,
                submission_last BIGINT NOT NULL,
                since BIGINT NOT NULL,
                PRIMARY KEY (sha256, owner, submission_first)
            ) WITHOUT ROWID;
            CREATE INDEX blob_refs_by_submission
                ON blob_refs (submission_last, submission_first);
            """,
            """
            CREATE TABLE blobs (
                sha256 BYTEA PRIMARY KEY,
                size BIGINT NOT NULL,
                created BIGINT NOT NULL,
                parts BIGINT NOT NULL
            );
            CREATE TABLE blob_parts (
                parts BIGINT NOT NULL,
                part INTEGER NOT NULL,
                data BYTEA NOT NULL,
                PRIMARY KEY (parts, part)
            );
            ALTER TABLE blob_parts ALTER COLUMN data SET STORAGE EXTERNAL;
            CREATE TABLE blob_refs (
                sha256 BYTEA NOT NULL,
                owner TEXT COLLATE "C" NOT NULL,
                submission_first BIGINT NOT NULL,
                submission_last BIGINT NOT NULL,
                since BIGINT NOT NULL,
                PRIMARY KEY (sha256, owner, submission_first)
            );
            CREATE INDEX blob_refs_by_submission
                ON blob_refs (submission_last, submission_first);
            """
        ),
        TableMigration.Migration,
    ];

    /// <summary>The version that this program reads and writes; a program of an earlier version
    /// refuses such a store.</summary>
    public static int Current => All[^1].Version;

    /// <summary>What a store of a version lacks, in order.</summary>
    /// <param name="version">0: a new store.</param>
    public static IEnumerable<StoreMigration> After(long version) =>
        All.Where(migration => migration.Version > version);
}
