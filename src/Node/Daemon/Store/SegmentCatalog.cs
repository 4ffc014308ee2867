using System.Data.Common;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Store;

/// <summary>Lists the segments in the journal.</summary>
internal sealed class SegmentCatalog(NodeStore store)
{
    // Steps from one segment to the next over the unique key: reading every row of it would take a
    // second for each million commits. '.' is the character after '-'.
    private const string Heads = """
        WITH RECURSIVE ids (id) AS (
            SELECT min(persistence_id) FROM journal
            WHERE persistence_id >= 'segment-' AND persistence_id < 'segment.'
            UNION ALL
            SELECT (SELECT min(persistence_id) FROM journal
                WHERE persistence_id > id AND persistence_id < 'segment.')
            FROM ids WHERE id IS NOT NULL
        )
        SELECT id, (SELECT max(sequence_number) FROM journal WHERE persistence_id = id)
        FROM ids WHERE id IS NOT NULL
        """;

    private const string Compacted = """
        SELECT persistence_id, max(sequence_number) FROM journal
        WHERE ordering > @after AND manifest = @manifest GROUP BY persistence_id
        """;

    /// <summary>Every segment that has ever committed, ascending, with its last sequence
    /// number.</summary>
    public async Task<IReadOnlyList<SegmentHead>> ReadAsync(CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Heads;
        return await HeadsAsync(command, cancel);
    }

    /// <summary>The segments that were compacted after a row of the journal, with the sequence
    /// numbers of their compacted rows.</summary>
    /// <param name="after">The row; 0: all.</param>
    public async Task<CompactedSegments> ReadCompactedAsync(long after, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        const string Newest = "SELECT coalesce(max(ordering), 0) FROM journal";
        var newest = await connection.NumberAsync(Newest, cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Compacted;
        command.Add("@after", after);
        command.Add("@manifest", WireNames.NameOf(typeof(SegmentCompacted))!);
        return new CompactedSegments(await HeadsAsync(command, cancel), newest);
    }

    private static async Task<IReadOnlyList<SegmentHead>> HeadsAsync(
        DbCommand command,
        CancellationToken cancel
    )
    {
        var heads = new List<SegmentHead>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            if (
                long.TryParse(
                    reader.GetString(0).AsSpan(ClusterNames.SegmentIdPrefix.Length),
                    out var segment
                )
            )
                heads.Add(new SegmentHead(segment, reader.GetInt64(1)));
        heads.Sort((a, b) => a.Segment.CompareTo(b.Segment));
        return heads;
    }
}

/// <param name="Newest">The newest row of the journal before the segments were read.</param>
internal sealed record CompactedSegments(IReadOnlyList<SegmentHead> Segments, long Newest);
