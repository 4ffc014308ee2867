using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>Finds slices, and the segments that the index is behind.</summary>
internal sealed class IndexReader(DbConnection connection)
{
    public SlicesFound Find(FindSlices find)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT first, last FROM slices
            WHERE submission_first = @submission AND {IndexTables.NotAllDeleted} AND ({find.Filter.Sql})
            ORDER BY first DESC
            """;
        command.Add("@submission", find.SubmissionFirst);
        AddParameters(command, find.Filter);
        var slices = new List<JidRange>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            slices.Add(JidRanges.Range(reader.GetInt64(0), reader.GetInt64(1)));
        return new SlicesFound(slices);
    }

    public MapSlicesFound FindMaps(FindMapSlices find)
    {
        using var command = connection.CreateCommand();
        // A slice has at most as many jobs as a segment.
        command.CommandText = $"""
            SELECT first, last, submission_first, {Counts} FROM slices
            WHERE first > @from - {Segments.Size} AND first <= @to AND first > @after
            AND last >= @from AND submission_first <> submission_last
            AND (@owner IS NULL OR owner = @owner) ORDER BY first LIMIT @limit
            """;
        command.Add("@from", find.Range.First);
        command.Add("@to", find.Range.Last);
        command.Add("@after", find.After);
        command.Add("@owner", find.Owner);
        command.Add("@limit", find.Limit);
        var slices = new List<MapSlice>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var counts = new long[Statuses.Count];
            for (var status = 0; status < counts.Length; status++)
                counts[status] = reader.GetInt64(3 + status);
            slices.Add(
                new MapSlice(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), counts)
            );
        }
        return new MapSlicesFound(slices);
    }

    public SegmentsWithDeleted FindDeleted(FindDeleted find)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT segment FROM segments WHERE segment < @before AND deleted > 0
            ORDER BY segment DESC LIMIT @limit
            """;
        command.Add("@before", find.Before);
        command.Add("@limit", find.Limit);
        var segments = new List<long>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            segments.Add(reader.GetInt64(0));
        return new SegmentsWithDeleted(segments);
    }

    public OldSlicesFound FindOld(FindOldSlices find)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT first, last, created, finished, {IndexTables.Unfinished},
            {IndexTables.Ended} FROM slices
            WHERE first > @after AND {IndexTables.NotAllDeleted} ORDER BY first LIMIT @limit
            """;
        command.Add("@after", find.After);
        command.Add("@limit", find.Limit);
        var slices = new List<KeptSlice>();
        using (var reader = command.ExecuteReader())
            while (reader.Read())
                slices.Add(
                    new KeptSlice(
                        reader.GetInt64(0),
                        reader.GetInt64(1),
                        reader.GetInt64(2),
                        reader.GetInt64(3),
                        reader.GetInt64(4),
                        reader.GetInt64(5)
                    )
                );
        if (!find.IsCounted)
            return new OldSlicesFound(slices, 0);
        command.CommandText = $"SELECT coalesce(sum({IndexTables.Ended}), 0) FROM segments";
        return new OldSlicesFound(slices, (long)command.ExecuteScalar()!);
    }

    private static readonly string Counts = string.Join(
        ", ",
        Enumerable.Range(0, Statuses.Count).Select(s => SliceColumns.CountOf((Status)s))
    );

    /// <summary>Compares with the journal: returns the segments that have committed more.</summary>
    public SegmentsStale FindBehind(FindSegmentsBehind find)
    {
        var known = SequenceNrs(find.Heads);
        return new([
            .. find
                .Heads.Where(head =>
                    known.TryGetValue(head.Segment, out var sequenceNr)
                        ? sequenceNr < head.SequenceNr
                        : !find.OnlyKnown
                )
                .Select(head => head.Segment),
        ]);
    }

    /// <summary>What is known of some segments; of the others nothing is read.</summary>
    private Dictionary<long, long> SequenceNrs(IReadOnlyList<SegmentHead> heads)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT segment, sequence_nr FROM segments
            WHERE segment IN (SELECT value FROM json_each(@segments))
            """;
        command.Add("@segments", $"[{string.Join(',', heads.Select(head => head.Segment))}]");
        var known = new Dictionary<long, long>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            known[reader.GetInt64(0)] = reader.GetInt64(1);
        return known;
    }

    /// <summary>Compares with the journal: returns the segments that must send their
    /// rows.</summary>
    public SegmentsStale FindStale(FindStaleSegments find)
    {
        var indexed = Indexed();
        return new([
            .. find
                .Heads.Where(head =>
                    !indexed.TryGetValue(head.Segment, out var known)
                    || known.SequenceNr != head.SequenceNr
                    || known.MustWake
                )
                .Select(head => head.Segment),
        ]);
    }

    /// <summary>Returns the segments that the index knows but the journal does not have.</summary>
    public IReadOnlyList<long> FindMissing(FindStaleSegments find) =>
        [.. Indexed().Keys.Except(find.Heads.Select(head => head.Segment))];

    private Dictionary<long, (long SequenceNr, bool MustWake)> Indexed()
    {
        var indexed = new Dictionary<long, (long SequenceNr, bool MustWake)>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT segment, sequence_nr, unfinished + erase FROM segments";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            indexed[reader.GetInt64(0)] = (reader.GetInt64(1), reader.GetInt64(2) != 0);
        return indexed;
    }

    public RequestFound FindRequest(FindRequest find)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT min(submission_first), max(submission_last) FROM slices
            WHERE request_id = @token AND request_id <> '' AND owner = @owner
            """;
        command.Add("@token", find.RequestId);
        command.Add("@owner", find.Owner);
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0)
            ? new RequestFound(reader.GetInt64(0), reader.GetInt64(1))
            : new RequestFound(0, 0);
    }

    internal static void AddParameters(DbCommand command, SliceFilter filter)
    {
        for (var i = 0; i < filter.Parameters.Count; i++)
            command.Add($"@p{i}", filter.Parameters[i]);
    }
}
