using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The file of the index. It can be rebuilt from the journal, so a bad one is
/// deleted.</summary>
internal static class IndexFile
{
    /// <summary>Opens the file. Recreates it if it is missing, corrupt, of another version or of
    /// another store.</summary>
    public static DbConnection Open(string path, string storeId)
    {
        try
        {
            if (TryOpen(path, storeId) is { } connection)
                return connection;
        }
        catch (Exception e) when (StoreDamage.IsDamage(e)) { }
        Delete(path);
        return TryOpen(path, storeId)!;
    }

    public static void Delete(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(path + suffix);
    }

    /// <summary>Returns null if the file has another version, or is of another store.</summary>
    private static SqliteConnection? TryOpen(string path, string storeId)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()
        );
        try
        {
            connection.Open();
            TextTrigrams.AddTo(connection);
            // With NORMAL, the file survives power loss intact, and lost rows are detected.
            Execute(
                connection,
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
            );
            var version = (long)Execute(connection, "PRAGMA user_version")!;
            if (version == 0 || version == IndexTables.Version)
            {
                Execute(connection, IndexTables.Create);
                Execute(connection, $"PRAGMA user_version={IndexTables.Version}");
                if (IsOf(storeId, connection))
                    return connection;
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        connection.Dispose();
        return null;
    }

    /// <summary>Whether the file is the index of this store; a new file is from now on.</summary>
    private static bool IsOf(string storeId, SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO store SELECT @id WHERE NOT EXISTS (SELECT 1 FROM store);
            SELECT id FROM store
            """;
        command.Add("@id", storeId);
        return command.ExecuteScalar() as string == storeId;
    }

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
