using JobCloud.Protocol.Membership;

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

    /// <summary>Every segment that has ever committed, ascending, with its last sequence
    /// number.</summary>
    public async Task<IReadOnlyList<SegmentHead>> ReadAsync(CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Heads;
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
