using Npgsql;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The pooled connections to a shared store. A server decides for each connection, when it
/// is opened, whether it may write: those opened while it was read-only would stay so.</summary>
internal static class StorePools
{
    /// <summary>Drops all pooled connections if an error shows that they are of no use; new ones
    /// take their place.</summary>
    public static void Note(Exception e)
    {
        if (StoreErrors.Flatten(e).OfType<PostgresException>().Any(IsOfConnection))
            NpgsqlConnection.ClearAllPools();
    }

    private static bool IsOfConnection(PostgresException error) =>
        error.SqlState
            is PostgresErrorCodes.ReadOnlySqlTransaction
                or PostgresErrorCodes.AdminShutdown
                or PostgresErrorCodes.CrashShutdown
                or PostgresErrorCodes.CannotConnectNow;
}
