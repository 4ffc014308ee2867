namespace JobCloud.Node.Daemon.Store;

/// <summary>Version 3: the tables that nodes of version 2 created when they first needed them. A
/// store may have any of them already.</summary>
internal static class TableMigration
{
    /// <summary>Only the hashes of secrets. An early table of tokens lacks the last column; there,
    /// the name means that of the outer query.</summary>
    private const string Tokens = $"""
        CREATE TABLE IF NOT EXISTS tokens ({TokenColumns});
        CREATE TABLE tokens_of_version_3 ({TokenColumns}, run_as TEXT NOT NULL DEFAULT '');
        INSERT INTO tokens_of_version_3
            SELECT name, hash, holder, role, created, creator, expires, revoked,
                (SELECT run_as FROM tokens WHERE tokens.name = earlier.name)
            FROM (
                SELECT name, hash, holder, role, created, creator, expires, revoked, '' AS run_as
                FROM tokens
            ) AS earlier;
        DROP TABLE tokens;
        ALTER TABLE tokens_of_version_3 RENAME TO tokens;
        """;

    private const string TokenColumns = """
        name TEXT PRIMARY KEY,
        hash TEXT NOT NULL,
        holder TEXT NOT NULL,
        role INTEGER NOT NULL,
        created BIGINT NOT NULL,
        creator TEXT NOT NULL,
        expires BIGINT NOT NULL,
        revoked BIGINT NOT NULL
        """;

    /// <summary>The drains, and the deny list: a lifted denial stays as a record until its subject
    /// is denied again.</summary>
    private const string DrainsAndDenials = """
        CREATE TABLE IF NOT EXISTS drains (
            node TEXT PRIMARY KEY,
            asked_by TEXT NOT NULL,
            reason TEXT NOT NULL,
            since BIGINT NOT NULL,
            stop_at BIGINT NOT NULL
        );
        CREATE TABLE IF NOT EXISTS denials (
            subject TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            creator TEXT NOT NULL,
            created BIGINT NOT NULL,
            lifted BIGINT NOT NULL,
            lifter TEXT NOT NULL
        );
        """;

    /// <summary>Through which nodes find each other; all times are the store's clock.</summary>
    private const string Members = """
        CREATE TABLE IF NOT EXISTS nodes (
            name TEXT COLLATE "C" PRIMARY KEY,
            address TEXT NOT NULL,
            session INTEGER NOT NULL,
            roles TEXT NOT NULL,
            version TEXT NOT NULL,
            epoch BIGINT NOT NULL DEFAULT 0,
            member BOOLEAN NOT NULL DEFAULT FALSE,
            gone BOOLEAN NOT NULL DEFAULT FALSE,
            last_seen TIMESTAMPTZ NOT NULL
        );
        ALTER TABLE nodes ADD COLUMN IF NOT EXISTS alone BOOLEAN NOT NULL DEFAULT TRUE;
        ALTER TABLE nodes ADD COLUMN IF NOT EXISTS home TEXT NOT NULL DEFAULT '';
        ALTER TABLE nodes ADD COLUMN IF NOT EXISTS place TEXT NOT NULL DEFAULT '';
        CREATE TABLE IF NOT EXISTS leases (
            name TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            expires TIMESTAMPTZ NOT NULL
        );
        """;

    public static StoreMigration Migration { get; } =
        new(
            3,
            $"{Tokens}\n{DrainsAndDenials}",
            $"{Place}\n{Tokens}\n{DrainsAndDenials}\n{Members}\n{Outputs("BYTEA")}",
            Outputs("BLOB")
        );

    /// <summary>Where the store was when a node last opened it; empty: that is not known.</summary>
    private const string Place =
        "ALTER TABLE jobcloud_store ADD COLUMN IF NOT EXISTS place TEXT NOT NULL DEFAULT '';";

    private static string Outputs(string bytes) =>
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
