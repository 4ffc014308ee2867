using System.Data.Common;
using System.Globalization;
using Google.Protobuf;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Allocation;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Detects a store that was put back from a time before the last start of this home: its
/// index knows changes that the store does not have; and a shared store that was restored into
/// another database.</summary>
internal static class StoreAge
{
    /// <summary>Jids left out after the highest known one of a restored store: more than are given
    /// out between a backup and its restore.</summary>
    public const long JidMargin = 1 << 20;

    private const string ReadPlace = "SELECT max(place) FROM jobcloud_store";
    private const string WritePlace = "UPDATE jobcloud_store SET place = @place";

    private const string ReadLeases = """
        SELECT message FROM journal WHERE persistence_id = @id ORDER BY sequence_number
        """;

    private const string InsertLease = """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier)
        SELECT @created, @deleted, @id, coalesce(max(sequence_number), 0) + 1, @message, @manifest, @serializer
        FROM journal WHERE persistence_id = @id
        """;

    /// <summary>Refuses an older store, or takes it as the operator wants: then no jid that the
    /// home knows is given again.</summary>
    /// <exception cref="CannotStartException">The store is older than the index.</exception>
    public static async Task CheckAsync(
        DbConnection connection,
        StorePlace place,
        string index,
        StoreExpectation expected,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var known = expected.Known(false);
        if (known.Newest.Count == 0 || expected.IsNewWanted)
            return;
        var heads = await HeadsAsync(connection, known.Newest, cancel);
        if (StoreSteps.Behind(known, heads) is not { } behind)
            return;
        if (!expected.IsOlderWanted)
            throw new CannotStartException(
                place.Older(index, behind, heads.GetValueOrDefault(behind.Segment)),
                needsRepair: true
            );
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var highest = expected.Known(true).HighestJid;
        await LeaseAfterAsync(transaction, _ => highest, now, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Leaves out jids if the store is not where a node last opened it: the earlier one
    /// may have given them out after the backup.</summary>
    public static async Task CheckPlaceAsync(
        DbConnection connection,
        StoreTables tables,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        if (tables.Place.Length == 0)
            return;
        var here = await TextAsync(connection, tables.Place, cancel);
        if (await TextAsync(connection, ReadPlace, cancel) == here)
            return;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync(tables.Lock, cancel, transaction);
        // Another node may have done so first.
        var known = await TextAsync(connection, ReadPlace, cancel, transaction);
        if (known == here)
            return;
        if (known.Length > 0)
            await LeaseAfterAsync(transaction, leases => leases.Last + JidMargin, now, cancel);
        await using var write = connection.CreateCommand();
        write.Transaction = transaction;
        write.CommandText = WritePlace;
        write.Add("@place", here);
        await write.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<string> TextAsync(
        DbConnection connection,
        string sql,
        CancellationToken cancel,
        DbTransaction? transaction = null
    )
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancel) as string ?? "";
    }

    /// <summary>The last change of each of these segments, in one statement.</summary>
    private static async Task<Dictionary<long, long>> HeadsAsync(
        DbConnection connection,
        IReadOnlyList<KnownSegment> segments,
        CancellationToken cancel
    )
    {
        await using var command = connection.CreateCommand();
        var ids = segments.Select(one =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"({one.Segment}, '{ClusterNames.SegmentIdPrefix}{one.Segment}')"
            )
        );
        command.CommandText = $"""
            WITH ids (segment, id) AS (VALUES {string.Join(", ", ids)})
            SELECT segment, (SELECT max(sequence_number) FROM journal WHERE persistence_id = id)
            FROM ids
            """;
        var heads = new Dictionary<long, long>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (!reader.IsDBNull(1))
                heads[Convert.ToInt64(reader[0], CultureInfo.InvariantCulture)] = reader.GetInt64(
                    1
                );
        }
        return heads;
    }

    private static async Task LeaseAfterAsync(
        DbTransaction transaction,
        Func<JidLeases, long> highestJid,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var connection = transaction.Connection!;
        var leases = JidLeases.None;
        await using (var read = connection.CreateCommand())
        {
            read.Transaction = transaction;
            read.CommandText = ReadLeases;
            read.Add("@id", ClusterNames.AllocatorId);
            await using var reader = await read.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                leases = leases.Evolve(RangeLeased.Parser.ParseFrom((byte[])reader[0]));
        }
        foreach (var lease in leases.After(highestJid(leases), now.ToMicroseconds()))
        {
            await using var insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText = InsertLease;
            insert.Add("@created", now.ToUnixTimeMilliseconds());
            insert.Add("@deleted", false);
            insert.Add("@id", ClusterNames.AllocatorId);
            insert.Add("@message", lease.ToByteArray());
            insert.Add("@manifest", WireNames.NameOf(lease.GetType())!);
            insert.Add("@serializer", ClusterNames.SerializerId);
            await insert.ExecuteNonQueryAsync(cancel);
        }
    }
}
