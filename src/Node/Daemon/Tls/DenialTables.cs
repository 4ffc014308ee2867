namespace JobCloud.Node.Daemon.Tls;

/// <summary>The statements on the table of the deny list (Store/TableMigration.cs), the same for
/// both stores.</summary>
internal static class DenialTables
{
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
