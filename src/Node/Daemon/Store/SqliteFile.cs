using System.Data.Common;
using System.Text;
using JobCloud.Node.Daemon.Homes;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Prepares the SQLite database file before its first use.</summary>
internal static class SqliteFile
{
    // https://www.sqlite.org/fileformat.html, 1.2
    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("SQLite format 3\0");

    /// <summary>Checks that the file is a database, and sets write-ahead logging, which is
    /// persistent.</summary>
    /// <exception cref="CannotStartException">The file is not a database, is damaged, or cannot be
    /// opened.</exception>
    public static async Task PrepareAsync(
        StorePlace place,
        Func<DbConnection> connect,
        CancellationToken cancel
    )
    {
        var path = place.DatabaseFile!;
        try
        {
            if (!LooksRight(path))
                throw new CannotStartException(
                    $"The store {path} is not a database and was left unchanged; move it away and start again.",
                    needsRepair: true
                );
            await using var connection = connect();
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            // A new file can shrink.
            command.CommandText =
                "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; "
                + "SELECT count(*) FROM sqlite_master;";
            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (SqliteException e) when (StoreDamage.IsDamage(e))
        {
            throw new CannotStartException(place.Damaged(e), needsRepair: true);
        }
        catch (Exception e)
            when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The store {path} cannot be opened: {e.Message}");
        }
    }

    /// <summary>Whether no database is there.</summary>
    public static bool IsEmpty(string path) =>
        !Directory.Exists(path) && !(File.Exists(path) && new FileInfo(path).Length > 0);

    private static bool LooksRight(string path)
    {
        if (!File.Exists(path))
            return true;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var start = new byte[Magic.Length];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return read == 0 || start.AsSpan().SequenceEqual(Magic);
    }
}
