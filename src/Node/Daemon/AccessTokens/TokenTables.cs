namespace JobCloud.Node.Daemon.AccessTokens;

/// <summary>The statements on the table of access tokens (Store/TableMigration.cs), the same for
/// both stores.</summary>
internal static class TokenTables
{
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
