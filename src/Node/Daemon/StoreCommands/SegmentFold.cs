using System.Data.Common;
using System.Runtime.Serialization;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.StoreCommands;

/// <summary>Reads the jobs of a segment from its journal.</summary>
internal static class SegmentFold
{
    private const string Rows = """
        SELECT sequence_number, manifest, message FROM journal
        WHERE persistence_id = @id ORDER BY sequence_number
        """;

    /// <returns>The segment, and what is wrong with its journal; null: nothing.</returns>
    public static async Task<(Segment Segment, string? Damage)> ReadAsync(
        DbConnection connection,
        long number,
        CancellationToken cancel
    )
    {
        var segment = new Segment(number);
        await using var command = connection.CreateCommand();
        command.CommandText = Rows;
        command.Add("@id", ClusterNames.SegmentId(number));
        var sequenceNr = 0L;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                var at = reader.GetInt64(0);
                var row = ProtocolSerializer.Read(
                    reader.GetFieldValue<byte[]>(2),
                    reader.IsDBNull(1) ? "" : reader.GetString(1)
                );
                // A compacted row stands for all before it.
                if (sequenceNr + 1 != at && row is not SegmentCompacted)
                    return (segment, $"change {sequenceNr + 1} is missing");
                sequenceNr = at;
                if (row is SegmentCompacted compacted)
                    (segment = new Segment(number)).Restore(compacted);
                else if (row is JobsChanged changed)
                    foreach (var e in changed.Events)
                        segment.Apply(e);
            }
            return (segment, null);
        }
        catch (Exception e)
            when (e is SerializationException or ImpossibleEventException or DbException)
        {
            return (segment, $"change {sequenceNr + 1} is damaged: {e.Message.TrimEnd('.')}");
        }
    }
}
