using System.Data.Common;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Finds submissions of one slice in the order of a sort key, as far as the ranges of
/// segments tell it: who reads the segments in their order may stop early.</summary>
internal sealed class RankedIndex(DbConnection connection)
{
    /// <summary>No further segment is read for one answer that has as many rows.</summary>
    private const int RowsAtOnce = 1_000;

    public SegmentsRanked Rank(RankSegments rank)
    {
        using var command = connection.CreateCommand();
        var (filter, key) = (rank.Filter, rank.Key);
        var labels = filter.Labels is null
            ? ""
            : $"""
                AND EXISTS (SELECT 1 FROM slices
                WHERE first BETWEEN segment << {Segments.Shift}
                AND (segment << {Segments.Shift}) + {Segments.Size - 1}
                AND NOT {IndexTables.Spanning}
                {SingleRows.LabelsAs(command, filter)} {SingleRows.FailedAs(filter)})
                """;
        command.CommandText = $"""
            SELECT segment, {SegmentSummary.BestRank(key)} AS best FROM segments
            WHERE {SegmentSummary.HasSingles} AND ({filter.Segments}) {labels}
            ORDER BY best {(key.Descending ? "DESC" : "ASC")}, segment DESC
            """;
        IndexReader.AddParameters(command, filter);
        var none = SegmentSummary.NoRank(key);
        var segments = new List<RankedSegment>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            segments.Add(
                new(
                    reader.GetInt64(0),
                    reader.GetInt64(1) is var best && best != none ? best : null
                )
            );
        return new SegmentsRanked(segments);
    }

    public SegmentsListed Read(ListSegments list)
    {
        using var singles = new SingleRows(connection, list.Filter);
        var (rows, read) = (new List<JobRow>(), 0);
        while (read < list.Segments.Count && rows.Count < RowsAtOnce)
            rows.AddRange(singles.Read(list.Segments[read++], long.MaxValue, Segments.Size));
        return new SegmentsListed(rows, read);
    }
}
