using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>The file of the index. It can be rebuilt from the journal, so a bad one is
/// deleted.</summary>
internal static class IndexFile
{
    // https://www.sqlite.org/rescode.html
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>True if the file is bad, rather than the query.</summary>
    public static bool IsBroken(Exception e) =>
        e is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <summary>Opens the file. Recreates it if it is missing, corrupt or of another
    /// version.</summary>
    public static DbConnection Open(string path)
    {
        try
        {
            if (TryOpen(path) is { } connection)
                return connection;
        }
        catch (Exception e) when (IsBroken(e)) { }
        Delete(path);
        return TryOpen(path)!;
    }

    public static void Delete(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
            File.Delete(path + suffix);
    }

    /// <summary>Returns null if the file has another version.</summary>
    private static SqliteConnection? TryOpen(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()
        );
        try
        {
            connection.Open();
            // With NORMAL, the file survives power loss intact, and lost rows are detected.
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;");
            var version = (long)Execute(connection, "PRAGMA user_version")!;
            if (version == 0 || version == IndexTables.Version)
            {
                Execute(connection, IndexTables.Create);
                Execute(connection, $"PRAGMA user_version={IndexTables.Version}");
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

    private static object? Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
