using System.Data.Common;
using System.Globalization;
using Google.Protobuf;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Allocation;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Store;

/// <summary>The version mark of a store; it prevents a program from writing to a store that it does
/// not understand.</summary>
internal static class StoreVersion
{
    private const string ReadVersion = "SELECT max(version) FROM jobcloud_store";
    private const string WriteVersion = "UPDATE jobcloud_store SET version = @version";

    private const string Insert =
        "INSERT INTO jobcloud_store (version, cloud_id, created) VALUES (@version, @cloud, @created)";

    private const string InsertLease = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
        VALUES (@created, @deleted, @id, 1, @message, @manifest, @serializer)
        """;

    /// <summary>Marks an empty store as JobCloud's, or checks the mark and version of an existing
    /// one and brings it to the current version. Returns the store's ID.</summary>
    /// <param name="index">The path of the index of this home.</param>
    /// <exception cref="CannotStartException">The check failed; the store was left
    /// unchanged.</exception>
    public static async Task<string> MarkOrCheckAsync(
        NodeStore store,
        StoreTables tables,
        StoreExpectation expected,
        string index,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        try
        {
            await using var connection = await store.ConnectAsync(cancel);
            if (await connection.NumberAsync(tables.HasMark, cancel) == 0)
            {
                Check(store.Place, id: null, expected);
                var highest = expected.Known(true).HighestJid;
                if (
                    await MarkAsync(connection, store.Description, tables, highest, now, cancel) is
                    { } created
                )
                {
                    await StoreAge.CheckPlaceAsync(connection, tables, now, cancel);
                    return created;
                }
            }
            var version = await CheckVersionAsync(connection, store.Description, cancel);
            var id = await IdAsync(connection, cancel);
            Check(store.Place, id, expected);
            await StoreAge.CheckAsync(connection, store.Place, index, expected, now, cancel);
            if (version < StoreMigrations.Current)
                await MigrateAsync(connection, tables, cancel);
            await StoreAge.CheckPlaceAsync(connection, tables, now, cancel);
            return id;
        }
        catch (DbException e)
        {
            if (StoreDamage.IsDamage(e))
                throw new CannotStartException(store.Place.Damaged(e), needsRepair: true);
            throw new CannotStartException(
                $"The store ({store.Description}) cannot be opened: {e.Message}"
            );
        }
    }

    /// <summary>Checks that this is the store of the home.</summary>
    /// <param name="id">The ID in the store; null: the store is empty.</param>
    /// <exception cref="CannotStartException">It is not.</exception>
    public static void Check(StorePlace place, string? id, StoreExpectation expected)
    {
        var known = expected.Known(id is null);
        var sentence = StoreSteps.Decide(id, known, expected.IsNewWanted) switch
        {
            StoreStep.RefuseEmpty => place.Emptied(known.HighestJid),
            StoreStep.RefuseForeign => place.Foreign(id!, known.StoreId),
            _ => null,
        };
        if (sentence is not null)
            throw new CannotStartException(sentence, needsRepair: true);
    }

    /// <summary>Creates the tables and the mark, and returns the store's ID. Null: another node did
    /// so first.</summary>
    /// <param name="highestJid">The highest jid that was in use before.</param>
    private static async Task<string?> MarkAsync(
        DbConnection connection,
        string store,
        StoreTables tables,
        long highestJid,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(tables.Lock, cancel, transaction);
        if (await connection.NumberAsync(tables.HasMark, cancel, transaction) > 0)
            return null;
        if (await connection.NumberAsync(tables.HasAny, cancel, transaction) > 0)
            throw new CannotStartException(
                $"The store ({store}) contains tables that are not JobCloud's and was left "
                    + "unchanged; use another database."
            );
        foreach (var migration in StoreMigrations.After(0))
            await connection.ExecuteAsync(tables.StepOf(migration), cancel, transaction);
        await using var insert = connection.CreateCommand();
        insert.Transaction = transaction;
        insert.CommandText = Insert;
        insert.Add("@version", StoreMigrations.Current);
        var id = Guid.NewGuid().ToString();
        insert.Add("@cloud", id);
        insert.Add("@created", now.ToString("O", CultureInfo.InvariantCulture));
        await insert.ExecuteNonQueryAsync(cancel);
        if (highestJid > 0)
        {
            await using var lease = Lease(connection, highestJid, now);
            lease.Transaction = transaction;
            await lease.ExecuteNonQueryAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        return id;
    }

    /// <summary>Applies what the store lacks: all of it, or nothing.</summary>
    private static async Task MigrateAsync(
        DbConnection connection,
        StoreTables tables,
        CancellationToken cancel
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(tables.Lock, cancel, transaction);
        // Another node may have done so first.
        var version = await connection.NumberAsync(ReadVersion, cancel, transaction);
        foreach (var migration in StoreMigrations.After(version))
            await connection.ExecuteAsync(tables.StepOf(migration), cancel, transaction);
        await using var mark = connection.CreateCommand();
        mark.Transaction = transaction;
        mark.CommandText = WriteVersion;
        mark.Add("@version", Math.Max(version, StoreMigrations.Current));
        await mark.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Makes the first row of the jid allocator, as the journal would write it.</summary>
    private static DbCommand Lease(DbConnection connection, long highestJid, DateTimeOffset now)
    {
        var lease = JidLeases.UsedBefore(highestJid, now.ToMicroseconds());
        var command = connection.CreateCommand();
        command.CommandText = InsertLease;
        command.Add("@created", now.ToUnixTimeMilliseconds());
        command.Add("@deleted", false);
        command.Add("@id", ClusterNames.AllocatorId);
        command.Add("@message", lease.ToByteArray());
        command.Add("@manifest", WireNames.NameOf(lease.GetType())!);
        command.Add("@serializer", ClusterNames.SerializerId);
        return command;
    }

    private static async Task<string> IdAsync(DbConnection connection, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT min(cloud_id) FROM jobcloud_store";
        return await command.ExecuteScalarAsync(cancel) as string ?? "";
    }

    /// <summary>The version of the store, which this program supports.</summary>
    private static async Task<long> CheckVersionAsync(
        DbConnection connection,
        string store,
        CancellationToken cancel
    )
    {
        var version = await connection.NumberAsync(ReadVersion, cancel);
        if (version > StoreMigrations.Current)
            throw new CannotStartException(
                $"The store ({store}) was written by a later version of JobCloud (store version "
                    + $"{version}; this program supports {StoreMigrations.Current}); start that one."
            );
        return version;
    }
}
