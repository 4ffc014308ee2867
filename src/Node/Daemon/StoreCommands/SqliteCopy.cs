using JobCloud.Node.Daemon.Homes;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>Copies a database while others write to it.</summary>
internal static class SqliteCopy
{
    private const int PagesAtOnce = 2_048;

    /// <summary>Copies the state of one instant. The read transaction holds that state: writers
    /// go on in the write-ahead log, and the copy never starts again.</summary>
    /// <param name="progress">Receives the copied part of the pages, and their number.</param>
    /// <exception cref="CannotStartException">The copy failed.</exception>
    public static void Copy(
        string source,
        string target,
        Action<long, long> progress,
        CancellationToken cancel
    )
    {
        File.Delete(target);
        using var from = Open(source, SqliteOpenMode.ReadWrite);
        using var to = Open(target, SqliteOpenMode.ReadWriteCreate);
        using (var begin = from.CreateCommand())
        {
            begin.CommandText = "BEGIN; SELECT count(*) FROM sqlite_master;";
            begin.ExecuteScalar();
        }
        var copy = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        try
        {
            int result;
            while ((result = raw.sqlite3_backup_step(copy, PagesAtOnce)) == raw.SQLITE_OK)
            {
                cancel.ThrowIfCancellationRequested();
                var all = raw.sqlite3_backup_pagecount(copy);
                progress(all - raw.sqlite3_backup_remaining(copy), all);
            }
            if (result != raw.SQLITE_DONE)
                throw new CannotStartException(
                    $"The file {source} cannot be copied to {target} (SQLite error {result})."
                );
        }
        finally
        {
            raw.sqlite3_backup_finish(copy);
        }
    }

    /// <summary>A connection of its own; no file is left open after it.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        return connection;
    }
}
