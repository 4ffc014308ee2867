using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using Google.Protobuf;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Reads a segment's history from its journal, independently of the segment's
/// actor.</summary>
internal sealed class JournalReader(NodeStore store)
{
    private const int RowsAtOnce = 256;
    private const string Rows = """
        SELECT sequence_number, manifest, message FROM journal
        WHERE persistence_id = @id AND sequence_number >= @from AND sequence_number <= @to
        ORDER BY sequence_number LIMIT @limit
        """;

    private const string Compacted = """
        SELECT coalesce(max(sequence_number), 0) FROM journal
        WHERE persistence_id = @id AND sequence_number <= @to AND manifest = @manifest
        """;

    private const string Replaced = """
        SELECT count(*) FROM (SELECT 1 FROM journal
            WHERE persistence_id = @id AND sequence_number < @below LIMIT 1) AS replaced
        """;

    private static readonly string CompactedName = WireNames.NameOf(typeof(SegmentCompacted))!;

    /// <summary>The commits of a segment, in order; rows are read lazily. The events that a
    /// compacted row keeps are one commit, and rows before it are not read.</summary>
    /// <param name="from">The first sequence number; numbers start at 1.</param>
    /// <param name="to">The last sequence number.</param>
    public async IAsyncEnumerable<JournalRow> ReadAsync(
        long segment,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        from = Math.Max(from, await CompactedAsync(segment, to, cancel));
        await foreach (var (sequenceNr, message) in RowsAsync(segment, from, to, cancel))
            yield return message switch
            {
                SegmentCompacted row => Kept(segment, sequenceNr, row),
                _ => new JournalRow(sequenceNr, message as JobsChanged),
            };
    }

    /// <summary>The rows up to a sequence number, from the newest compacted one on; null: one is
    /// damaged.</summary>
    public async IAsyncEnumerable<IMessage?> ReadRawAsync(
        long segment,
        long to,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var from = await CompactedAsync(segment, to, cancel);
        await foreach (var (_, message) in RowsAsync(segment, from, to, cancel))
            yield return message;
    }

    /// <summary>Whether the rows that a compacted row of a segment replaces are gone.</summary>
    public async Task<bool> IsSweptAsync(long segment)
    {
        var below = await CompactedAsync(segment, long.MaxValue, CancellationToken.None);
        await using var connection = await store.ConnectAsync(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = Replaced;
        command.Add("@id", ClusterNames.SegmentId(segment));
        command.Add("@below", below);
        return await command.NumberAsync(CancellationToken.None) == 0;
    }

    private static JournalRow Kept(long segment, long sequenceNr, SegmentCompacted row)
    {
        try
        {
            var events = CompactedRow.History(segment, row);
            return new JournalRow(sequenceNr, new JobsChanged { Events = { events } });
        }
        catch (ImpossibleEventException)
        {
            return new JournalRow(sequenceNr, null);
        }
    }

    private async Task<long> CompactedAsync(long segment, long to, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Compacted;
        command.Add("@id", ClusterNames.SegmentId(segment));
        command.Add("@to", to);
        command.Add("@manifest", CompactedName);
        return await command.NumberAsync(cancel);
    }

    private async IAsyncEnumerable<(long SequenceNr, IMessage? Message)> RowsAsync(
        long segment,
        long from,
        long to,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        while (from <= to)
        {
            var rows = await ReadSomeAsync(segment, from, to, cancel);
            foreach (var row in rows)
                yield return row;
            if (rows.Count < RowsAtOnce)
                yield break;
            from = rows[^1].SequenceNr + 1;
        }
    }

    private async Task<List<(long SequenceNr, IMessage? Message)>> ReadSomeAsync(
        long segment,
        long from,
        long to,
        CancellationToken cancel
    )
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Rows;
        command.Add("@id", ClusterNames.SegmentId(segment));
        command.Add("@from", from);
        command.Add("@to", to);
        command.Add("@limit", RowsAtOnce);
        var rows = new List<(long, IMessage?)>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add((reader.GetInt64(0), Decode(reader)));
        return rows;
    }

    private static IMessage? Decode(DbDataReader reader)
    {
        try
        {
            return ProtocolSerializer.Read(
                reader.GetFieldValue<byte[]>(2),
                reader.IsDBNull(1) ? "" : reader.GetString(1)
            );
        }
        catch (SerializationException)
        {
            return null;
        }
    }
}

/// <summary>One commit of a segment.</summary>
/// <param name="Changed">Null: the row is damaged.</param>
internal sealed record JournalRow(long SequenceNr, JobsChanged? Changed);
