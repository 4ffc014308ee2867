using System.Data.Common;
using System.Globalization;
using JobCloud.Node.Daemon.Homes;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The version mark of a store; it prevents a program from writing to a store that it does
/// not understand.</summary>
internal static class StoreVersion
{
    /// <summary>Increased when older programs cannot read what this one writes.</summary>
    public const int Current = 1;

    private const string Insert =
        "INSERT INTO jobcloud_store (version, cloud_id, created) VALUES (@version, @cloud, @created)";

    /// <summary>Marks an empty store as JobCloud's, or checks the mark and version of an existing
    /// one.</summary>
    /// <exception cref="CannotStartException">The check failed; the store was left
    /// unchanged.</exception>
    public static async Task MarkOrCheckAsync(
        NodeStore store,
        StoreTables tables,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        try
        {
            await using var connection = await store.ConnectAsync(cancel);
            if (
                await CountAsync(connection, tables.HasMark, cancel) > 0
                || !await MarkAsync(connection, store.Description, tables, now, cancel)
            )
                await CheckAsync(connection, store.Description, cancel);
        }
        catch (DbException e)
        {
            throw new CannotStartException(
                $"The store ({store.Description}) cannot be opened: {e.Message}"
            );
        }
    }

    /// <summary>Creates the tables and the mark. False: another node did so first.</summary>
    private static async Task<bool> MarkAsync(
        DbConnection connection,
        string store,
        StoreTables tables,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var tableLock = connection.CreateCommand();
        tableLock.Transaction = transaction;
        tableLock.CommandText = tables.Lock;
        await tableLock.ExecuteNonQueryAsync(cancel);
        if (await CountAsync(connection, tables.HasMark, cancel, transaction) > 0)
            return false;
        if (await CountAsync(connection, tables.HasAny, cancel, transaction) > 0)
            throw new CannotStartException(
                $"The store ({store}) contains tables that are not JobCloud's and was left "
                    + "unchanged; use another database."
            );
        await using var create = connection.CreateCommand();
        create.Transaction = transaction;
        create.CommandText = tables.Create;
        await create.ExecuteNonQueryAsync(cancel);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = Insert;
        insert.Add("@version", Current);
        insert.Add("@cloud", Guid.NewGuid().ToString());
        insert.Add("@created", now.ToString("O", CultureInfo.InvariantCulture));
        await insert.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private static async Task CheckAsync(
        DbConnection connection,
        string store,
        CancellationToken cancel
    )
    {
        var version = await CountAsync(
            connection,
            "SELECT max(version) FROM jobcloud_store",
            cancel
        );
        if (version > Current)
            throw new CannotStartException(
                $"The store ({store}) was written by a later version of JobCloud (store version "
                    + $"{version}; this program supports {Current}); start that one."
            );
    }

    private static async Task<long> CountAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancel,
        DbTransaction? transaction = null
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return Convert.ToInt64(
            await command.ExecuteScalarAsync(cancel),
            CultureInfo.InvariantCulture
        );
    }
}
