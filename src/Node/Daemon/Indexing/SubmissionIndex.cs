using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Rows;

namespace JobCloud.Node.Daemon.Indexing;

/// <summary>
/// Lists submissions, the newest first. It reads submissions of one slice from segments that may
/// have a match, a bounded number of segments at a time. Of those of several segments there are at
/// most two for each segment; they have an index of their own. Jids grow along both.
/// </summary>
internal sealed class SubmissionIndex(DbConnection connection)
{
    /// <summary>The segments that one answer examines.</summary>
    private const int SegmentsAtOnce = 64;

    /// <summary>Returns one row per submission; deleted jobs are not counted.</summary>
    public SubmissionsListed Read(ListSubmissions list)
    {
        var before = list.After ?? long.MaxValue;
        var (rows, floor) = ReadSingles(list, before);
        rows.AddRange(ReadSpanning(list, before, floor));
        rows.Sort((a, b) => b.First.CompareTo(a.First));
        if (rows.Count <= list.Limit)
            return new SubmissionsListed(rows, floor > 0 ? floor : null);
        rows.RemoveRange(list.Limit, rows.Count - list.Limit);
        return new SubmissionsListed(rows, rows.Count > 0 ? rows[^1].First : null);
    }

    /// <returns>The rows, and the first jid from which on these are all; 0: there are no
    /// more.</returns>
    private (List<JobRow> Rows, long Floor) ReadSingles(ListSubmissions list, long before)
    {
        var (rows, wanted) = (new List<JobRow>(), list.Limit + 1);
        using var command = connection.CreateCommand();
        var labels = LabelsAs(command, list.Filter);
        command.CommandText = $"""
            SELECT {SliceColumns.Names} FROM slices
            WHERE first BETWEEN @from AND @to AND NOT {IndexTables.Spanning} {labels}
            AND {IndexTables.NotAllDeleted} AND ({list.Filter.Sql})
            ORDER BY first DESC LIMIT @limit
            """;
        var from = command.Add("@from");
        var to = command.Add("@to");
        var limit = command.Add("@limit");
        IndexReader.AddParameters(command, list.Filter);
        var examined = 0;
        foreach (var segment in Candidates(list.Filter, before))
        {
            from.Value = Segments.First(segment);
            to.Value = Math.Min(Segments.Last(segment), before - 1);
            limit.Value = wanted - rows.Count;
            rows.AddRange(SliceColumns.Read(command).Select(Row));
            if (rows.Count == wanted)
                return (rows, rows[^1].First);
            if (++examined == SegmentsAtOnce)
                return (rows, Segments.First(segment));
        }
        return (rows, 0);
    }

    /// <summary>The segments that may have a match, the newest first.</summary>
    private IEnumerable<long> Candidates(SliceFilter filter, long before)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT segment FROM segments
            WHERE segment BETWEEN @oldest AND @newest
            AND {SegmentSummary.HasSingles} AND ({filter.Segments})
            ORDER BY segment DESC LIMIT {SegmentsAtOnce}
            """;
        var oldest = command.Add("@oldest", 0);
        var newest = command.Add("@newest", Segments.Of(before - 1));
        IndexReader.AddParameters(command, filter);
        if (filter.Labels is null)
        {
            foreach (var segment in Numbers(command))
                yield return segment;
            yield break;
        }
        foreach (var segment in WithLabel(filter.Labels, before))
        {
            (oldest.Value, newest.Value) = (segment, segment);
            if (Numbers(command).Count > 0)
                yield return segment;
        }
    }

    /// <summary>The segments that have one of the labels, the newest first: steps from one to the
    /// next over the index of labels.</summary>
    private IEnumerable<long> WithLabel(IReadOnlyList<string> labels, long before)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT first FROM slices
            WHERE label = @label AND label <> '' AND first < @before
            AND NOT {IndexTables.Spanning} ORDER BY first DESC LIMIT 1
            """;
        var label = command.Add("@label");
        var limit = command.Add("@before");
        while (true)
        {
            limit.Value = before;
            var newest = 0L;
            foreach (var one in labels)
            {
                label.Value = one;
                newest = Math.Max(newest, Numbers(command).FirstOrDefault());
            }
            if (newest == 0)
                yield break;
            yield return Segments.Of(newest);
            before = Segments.First(Segments.Of(newest));
        }
    }

    /// <summary>Folds what the condition needs of all, then the whole rows of the few that
    /// match.</summary>
    private List<JobRow> ReadSpanning(ListSubmissions list, long before, long floor)
    {
        using var command = connection.CreateCommand();
        var (filter, labels) = (list.Filter, LabelsAs(command, list.Filter));
        command.CommandText = $"""
            SELECT {SliceColumns.Folded} FROM slices
            WHERE submission_first IN (
                SELECT submission_first FROM (
                    SELECT {Needed(filter)} FROM slices INDEXED BY slices_spanning
                    WHERE {IndexTables.Spanning} {labels}
                    AND submission_first >= @floor AND submission_first < @before
                    GROUP BY submission_first
                    HAVING sum(deleted) < sum({IndexTables.Size})
                ) WHERE ({filter.Sql})
                ORDER BY submission_first DESC LIMIT @limit)
            GROUP BY submission_first
            """;
        command.Add("@floor", floor);
        command.Add("@before", before);
        command.Add("@limit", list.Limit + 1);
        IndexReader.AddParameters(command, filter);
        return [.. SliceColumns.Read(command).Select(Row)];
    }

    /// <summary>The folded columns that a condition names.</summary>
    private static string Needed(SliceFilter filter) =>
        string.Join(
            ", ",
            SliceColumns
                .All.Where(column =>
                    column.Name == "submission_first"
                    || filter.Sql.Contains(column.Name, StringComparison.Ordinal)
                )
                .Select(column => $"{column.Folded} AS {column.Name}")
        );

    /// <summary>A condition in the form of the index of labels, with its parameters; empty: any
    /// label will do.</summary>
    private static string LabelsAs(DbCommand command, SliceFilter filter)
    {
        if (filter.Labels is not { } labels)
            return "";
        for (var at = 0; at < labels.Count; at++)
            command.Add($"@label{at}", labels[at]);
        var names = string.Join(
            ", ",
            Enumerable.Range(0, labels.Count).Select(at => $"@label{at}")
        );
        return $"AND label IN ({names}) AND label <> ''";
    }

    private static List<long> Numbers(DbCommand command)
    {
        var numbers = new List<long>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            numbers.Add(reader.GetInt64(0));
        return numbers;
    }

    private static JobRow Row(FeedSlice whole) =>
        RowBuilder.Submission(whole.SubmissionFirst, whole.SubmissionLast, [whole.Row])!;
}
