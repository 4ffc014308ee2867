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
        SELECT id, (SELECT max(sequence_number) FROM journal WHERE persistence_id = id),
            (SELECT max(ordering) FROM journal)
        FROM ids WHERE id IS NOT NULL
        """;

    internal const string Changed = """
        SELECT persistence_id, max(sequence_number), max(ordering) FROM journal
        WHERE ordering > @after
            AND persistence_id >= 'segment-' AND persistence_id < 'segment.'
        GROUP BY persistence_id
        """;

    private const string Compacted = """
        SELECT persistence_id, max(sequence_number), max(ordering) FROM journal
        WHERE ordering > @after AND manifest = @manifest GROUP BY persistence_id
        """;

    /// <summary>Every segment that has ever committed, ascending, with its last sequence
    /// number.</summary>
    public async Task<IReadOnlyList<SegmentHead>> ReadAsync(CancellationToken cancel) =>
        (await ReadAsync(after: null, cancel)).Segments;

    /// <summary>The segments that have committed after a row of the journal. Reads only the rows
    /// after it, however many segments there are.</summary>
    /// <param name="after">The row; null: all segments.</param>
    public async Task<SegmentHeads> ReadAsync(long? after, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = after is null ? Heads : Changed;
        if (after is { } row)
            command.Add("@after", row);
        return await HeadsAsync(command, after ?? 0, cancel);
    }

    /// <summary>The segments that were compacted after a row of the journal, with the sequence
    /// numbers of their compacted rows.</summary>
    /// <param name="after">The row; 0: all.</param>
    public async Task<SegmentHeads> ReadCompactedAsync(long after, CancellationToken cancel)
    {
        await using var connection = await store.ConnectAsync(cancel);
        const string Newest = "SELECT coalesce(max(ordering), 0) FROM journal";
        var newest = await connection.NumberAsync(Newest, cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Compacted;
        command.Add("@after", after);
        command.Add("@manifest", WireNames.NameOf(typeof(SegmentCompacted))!);
        // What was committed meanwhile is found again.
        return (await HeadsAsync(command, newest, cancel)) with { Newest = newest };
    }

    /// <param name="newest">The newest row, unless one of a segment is newer.</param>
    private static async Task<SegmentHeads> HeadsAsync(
        DbCommand command,
        long newest,
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
            {
                heads.Add(new SegmentHead(segment, reader.GetInt64(1)));
                newest = Math.Max(newest, reader.GetInt64(2));
            }
        heads.Sort((a, b) => a.Segment.CompareTo(b.Segment));
        return new SegmentHeads(heads, newest);
    }
}

/// <param name="Newest">The newest row of the journal when the segments were read.</param>
internal sealed record SegmentHeads(IReadOnlyList<SegmentHead> Segments, long Newest);
