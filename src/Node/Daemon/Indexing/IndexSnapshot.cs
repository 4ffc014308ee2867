using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Reads the state of all segments for listeners, which then receive changes.</summary>
internal sealed class IndexSnapshot(DbConnection connection)
{
    private const int FirstTotal = 3;

    /// <param name="maxSubmissions">Number of newest submissions whose slices are wanted.</param>
    public CurrentRows Read(int maxSubmissions)
    {
        var oldest = OldestOf(maxSubmissions);
        var slices = ReadSlices(oldest).ToLookup(slice => Segments.Of(slice.Row.First));
        var segments = new List<SliceRows>();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT segment, sequence_nr, unfinished, {string.Join(", ", IndexTables.Totals)} "
            + "FROM segments";
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
                    Totals:
                    [
                        .. Enumerable
                            .Range(FirstTotal, IndexTables.Totals.Count)
                            .Select(reader.GetInt32),
                    ]
                )
            );
        }
        return new CurrentRows(segments, oldest);
    }

    /// <summary>Returns the first jid of the oldest wanted submission; 0 if there are no older
    /// ones.</summary>
    private long OldestOf(int maxSubmissions)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT DISTINCT submission_first FROM slices
            ORDER BY submission_first DESC LIMIT 2 OFFSET @offset
            """;
        command.Add("@offset", maxSubmissions - 1);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return 0;
        var oldest = reader.GetInt64(0);
        return reader.Read() ? oldest : 0;
    }

    private IEnumerable<FeedSlice> ReadSlices(long oldest)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {SliceColumns.Names} FROM slices WHERE submission_first >= @oldest";
        command.Add("@oldest", oldest);
        foreach (var slice in SliceColumns.Read(command))
            yield return slice;
    }
}
