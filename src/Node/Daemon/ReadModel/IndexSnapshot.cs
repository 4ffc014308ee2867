using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Batches;

namespace JobCloud.Node.Daemon.ReadModel;

/// <summary>Reads how all segments stand, for those who are then told what changes.</summary>
public sealed class IndexSnapshot(DbConnection connection)
{
    /// <param name="most">Newest submissions whose slices are wanted.</param>
    public RowsNow Read(int most)
    {
        var oldest = OldestOf(most);
        var slices = ReadSlices(oldest).ToLookup(row => Segments.Of(row.First));
        var totals = ReadTotals();
        var segments = new List<SliceRows>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT segment, sequence_nr, unfinished FROM segments";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var segment = reader.GetInt64(0);
            segments.Add(
                new SliceRows(
                    segment,
                    reader.GetInt64(1),
                    reader.GetInt64(2) != 0,
                    [.. slices[segment]],
                    Totals: totals.GetValueOrDefault(segment) ?? []
                )
            );
        }
        return new RowsNow(segments, oldest);
    }

    /// <summary>The first jid of the oldest submission wanted; 0: there are no older ones.</summary>
    private long OldestOf(int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT DISTINCT submission_first FROM slices
            ORDER BY submission_first DESC LIMIT 2 OFFSET @offset
            """;
        command.Add("@offset", most - 1);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return 0;
        var oldest = reader.GetInt64(0);
        return reader.Read() ? oldest : 0;
    }

    private Dictionary<long, int[]> ReadTotals()
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT first >> 10, sum(deleted), sum(waiting), sum(queued), sum(processing), sum(done),
                sum(error), sum(killed), sum(stalled)
            FROM slices GROUP BY first >> 10
            """;
        using var reader = command.ExecuteReader();
        var totals = new Dictionary<long, int[]>();
        while (reader.Read())
            totals[reader.GetInt64(0)] = [.. Enumerable.Range(1, 8).Select(reader.GetInt32)];
        return totals;
    }

    private IEnumerable<SliceRow> ReadSlices(long oldest)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {string.Join(", ", IndexTables.Columns)} FROM slices WHERE submission_first >= @oldest";
        command.Add("@oldest", oldest);
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return ReadSlice(reader);
    }

    /// <summary>In the order of <see cref="IndexTables.Columns"/>.</summary>
    private static SliceRow ReadSlice(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            reader.GetInt64(2),
            reader.GetInt64(3),
            reader.GetInt64(4) != 0,
            reader.GetString(5),
            reader.GetString(6),
            reader.GetString(7),
            reader.GetInt32(8),
            reader.GetInt32(9),
            reader.GetInt64(10),
            reader.GetInt64(11),
            reader.GetInt64(12),
            new StatusCounts(
                reader.GetInt32(13),
                reader.GetInt32(14),
                reader.GetInt32(15),
                reader.GetInt32(16),
                reader.GetInt32(17),
                reader.GetInt32(18),
                reader.GetInt32(19)
            ),
            reader.GetInt32(20),
            reader.GetString(21),
            reader.GetInt32(22) is not 0 and var code
                ? new Reason
                {
                    Code = (ReasonCode)code,
                    Number = reader.GetInt64(23),
                    Text = reader.GetString(24),
                }
                : null,
            reader.GetInt32(25),
            reader.GetString(26)
        );
}
