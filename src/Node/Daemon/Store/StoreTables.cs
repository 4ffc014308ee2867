namespace JobCloud.Node.Daemon.Store;

/// <summary>How a kind of store answers what it holds.</summary>
/// <param name="HasMark">Query whether the store is marked as JobCloud's.</param>
/// <param name="HasAny">Query for the number of tables.</param>
/// <param name="Lock">Lock, held until the transaction ends, for nodes that start together on a
/// store that is empty or of an earlier version.</param>
/// <param name="StepOf">The statements of a migration.</param>
/// <param name="Place">Query for a name of the database that no restored copy has; empty: an
/// embedded store is restored by its own program.</param>
internal sealed record StoreTables(
    string HasMark,
    string HasAny,
    string Lock,
    Func<StoreMigration, string> StepOf,
    string Place
)
{
    public static StoreTables Sqlite { get; } =
        new(
            "SELECT count(*) FROM sqlite_master WHERE name = 'jobcloud_store'",
            "SELECT count(*) FROM sqlite_master",
            "SELECT 1",
            static migration => migration.Sqlite,
            ""
        );

    public static StoreTables PostgreSql { get; } =
        new(
            """
            SELECT count(*) FROM information_schema.tables
            WHERE table_schema = current_schema() AND table_name = 'jobcloud_store'
            """,
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()",
            "SELECT pg_advisory_xact_lock(hashtext('jobcloud_store'))",
            static migration => migration.PostgreSql,
            """
            SELECT system_identifier || '/' || 'jobcloud_store'::regclass::oid
            FROM pg_control_system()
            """
        );
}
