using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Membership;

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

    /// <summary>The commits of a segment, in order; rows are read lazily.</summary>
    /// <param name="from">The first sequence number; numbers start at 1.</param>
    /// <param name="to">The last sequence number.</param>
    public async IAsyncEnumerable<JournalRow> ReadAsync(
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

    private async Task<List<JournalRow>> ReadSomeAsync(
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
        var rows = new List<JournalRow>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add(Decode(reader));
        return rows;
    }

    private static JournalRow Decode(DbDataReader reader)
    {
        var sequenceNr = reader.GetInt64(0);
        try
        {
            var message = ProtocolSerializer.Read(
                reader.GetFieldValue<byte[]>(2),
                reader.IsDBNull(1) ? "" : reader.GetString(1)
            );
            return new JournalRow(sequenceNr, message as JobsChanged);
        }
        catch (SerializationException)
        {
            return new JournalRow(sequenceNr, null);
        }
    }
}

/// <summary>One commit of a segment.</summary>
/// <param name="Changed">Null: the row is damaged.</param>
internal sealed record JournalRow(long SequenceNr, JobsChanged? Changed);
