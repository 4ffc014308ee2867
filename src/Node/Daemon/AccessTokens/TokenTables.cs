namespace JobCloud.Node.Daemon.AccessTokens;

/// <summary>The table of access tokens, the same in both stores. It holds only the hashes of
/// secrets.</summary>
internal static class TokenTables
{
    public const string Create = """
        CREATE TABLE IF NOT EXISTS tokens (
            name TEXT PRIMARY KEY,
            hash TEXT NOT NULL,
            holder TEXT NOT NULL,
            role INTEGER NOT NULL,
            created BIGINT NOT NULL,
            creator TEXT NOT NULL,
            expires BIGINT NOT NULL,
            revoked BIGINT NOT NULL,
            run_as TEXT NOT NULL DEFAULT ''
        )
        """;

    /// <summary>Locked, so that nodes create it one after another.</summary>
    public const string CreatePostgreSql = $"""
        BEGIN; LOCK TABLE jobcloud_store IN SHARE ROW EXCLUSIVE MODE; {Create};
        ALTER TABLE tokens ADD COLUMN IF NOT EXISTS run_as TEXT NOT NULL DEFAULT ''; COMMIT;
        """;

    /// <summary>Whether the table has the newest column, which tables of earlier versions
    /// lack.</summary>
    public const string IsNewestSqlite =
        "SELECT count(*) FROM pragma_table_info('tokens') WHERE name = 'run_as'";

    public const string RenewSqlite =
        "ALTER TABLE tokens ADD COLUMN run_as TEXT NOT NULL DEFAULT ''";

    public const string All = """
        SELECT name, hash, holder, role, created, creator, expires, revoked, run_as FROM tokens
        ORDER BY name
        """;

    /// <summary>An expired or revoked token gives up its name; a valid one does not.</summary>
    public const string Add = """
        INSERT INTO tokens
            (name, hash, holder, role, created, creator, expires, revoked, run_as)
        VALUES (@name, @hash, @holder, @role, @created, @creator, @expires, 0, @account)
        ON CONFLICT (name) DO UPDATE SET hash = @hash, holder = @holder, role = @role,
            created = @created, creator = @creator, expires = @expires, revoked = 0,
            run_as = @account
        WHERE tokens.revoked > 0 OR (tokens.expires > 0 AND tokens.expires <= @created)
        """;

    public const string Revoke =
        "UPDATE tokens SET revoked = @now WHERE name = @name AND revoked = 0";
}
