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
/// index knows changes that the store does not have.</summary>
internal static class StoreAge
{
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
        await LeaseAfterAsync(connection, expected.Known(true).HighestJid, now, cancel);
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
        DbConnection connection,
        long highestJid,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var leases = JidLeases.None;
        await using (var read = connection.CreateCommand())
        {
            read.CommandText = ReadLeases;
            read.Add("@id", ClusterNames.AllocatorId);
            await using var reader = await read.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                leases = leases.Evolve(RangeLeased.Parser.ParseFrom((byte[])reader[0]));
        }
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        foreach (var lease in leases.After(highestJid, now.ToMicroseconds()))
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
        await transaction.CommitAsync(cancel);
    }
}
