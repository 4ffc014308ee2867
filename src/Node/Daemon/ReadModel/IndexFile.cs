using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>The file of the read model. It can be made again from the journal, so a bad one is
/// thrown away.</summary>
internal static class IndexFile
{
    // https://www.sqlite.org/rescode.html
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Whether the file, rather than what was asked of it, is bad.</summary>
    public static bool IsBroken(Exception e) =>
        e is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <summary>Opens the file; makes it anew where it is missing, broken, or of another
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

    /// <summary>Null: it is of another version.</summary>
    private static SqliteConnection? TryOpen(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString()
        );
        try
        {
            connection.Open();
            // NORMAL: the file stays whole after power loss, and what is missing is noticed.
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
