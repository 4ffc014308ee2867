namespace JobCloud.Node.Daemon.Tls;

/// <summary>The table of the deny list, the same in both stores. A lifted denial stays as a record
/// until its subject is denied again.</summary>
internal static class DenialTables
{
    public const string Create = """
        CREATE TABLE IF NOT EXISTS denials (
            subject TEXT PRIMARY KEY,
            reason TEXT NOT NULL,
            creator TEXT NOT NULL,
            created BIGINT NOT NULL,
            lifted BIGINT NOT NULL,
            lifter TEXT NOT NULL
        )
        """;

    /// <summary>Locked, so that nodes create it one after another.</summary>
    public const string CreatePostgreSql =
        $"BEGIN; LOCK TABLE jobcloud_store IN SHARE ROW EXCLUSIVE MODE; {Create}; COMMIT;";

    public const string All = """
        SELECT subject, reason, creator, created, lifted, lifter FROM denials ORDER BY subject
        """;

    /// <summary>Changes nothing if the subject is denied already.</summary>
    public const string Add = """
        INSERT INTO denials (subject, reason, creator, created, lifted, lifter)
        VALUES (@subject, @reason, @by, @now, 0, '')
        ON CONFLICT (subject) DO UPDATE SET reason = @reason, creator = @by, created = @now,
            lifted = 0, lifter = ''
        WHERE denials.lifted > 0
        """;

    public const string Lift =
        "UPDATE denials SET lifted = @now, lifter = @by WHERE subject = @subject AND lifted = 0";
}
