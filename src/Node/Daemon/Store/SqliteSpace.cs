using System.Data.Common;
using System.Diagnostics;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Text;
using Microsoft.Data.Sqlite;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Lets an embedded store give the space of what was deleted back to the disk. A file
/// that an earlier version created must be rebuilt for that, once.</summary>
internal static class SqliteSpace
{
    // https://www.sqlite.org/pragma.html#pragma_auto_vacuum
    private const long Incremental = 2;

    /// <summary>A rebuild of a file of at least this size is logged before it begins.</summary>
    private const long LargeBytes = 64L << 20;

    /// <summary>Rebuilds the file if it cannot shrink. SQLite does so in one transaction: after a
    /// crash, the file is as before.</summary>
    /// <param name="say">Receives what takes long, and what failed.</param>
    /// <exception cref="CannotStartException">The file is damaged.</exception>
    public static async Task AllowShrinkingAsync(
        StorePlace place,
        DbConnection connection,
        Action<string> say,
        CancellationToken cancel
    )
    {
        if (await connection.NumberAsync("PRAGMA auto_vacuum", cancel) == Incremental)
            return;
        var path = place.DatabaseFile!;
        var size = Sizes.Print(new FileInfo(path).Length);
        var isLarge = new FileInfo(path).Length >= LargeBytes;
        if (isLarge)
            say(
                $"Rebuilds the store {path} ({size}) once, so that its file can shrink; the node "
                    + "starts afterwards."
            );
        var began = Stopwatch.GetTimestamp();
        try
        {
            await connection.NumberAsync("PRAGMA auto_vacuum=INCREMENTAL; VACUUM;", cancel);
            await connection.NumberAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);
        }
        catch (SqliteException e) when (StoreDamage.IsDamage(e))
        {
            throw new CannotStartException(place.Damaged(e), needsRepair: true);
        }
        catch (SqliteException e)
        {
            say(
                $"The store {path} ({size}) could not be rebuilt: {e.Message} Its file does not "
                    + "shrink until a start of the node succeeds in that; this needs free space of "
                    + "about twice its size."
            );
            return;
        }
        if (isLarge)
            say($"Rebuilt the store {path} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s.");
    }
}
