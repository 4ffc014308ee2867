using System.Data.Common;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;

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

    /// <summary>The same of submissions of several segments alone.</summary>
    public SubmissionsListed ReadSpanning(ListSpanning list)
    {
        var page = new ListSubmissions(list.Filter, list.Limit);
        var rows = ReadSpanning(page, list.After ?? long.MaxValue, floor: 0);
        rows.Sort((a, b) => b.First.CompareTo(a.First));
        return rows.Count <= list.Limit
            ? new SubmissionsListed(rows, null)
            : new SubmissionsListed(rows[..list.Limit], rows[list.Limit - 1].First);
    }

    /// <returns>The rows, and the first jid from which on these are all; 0: there are no
    /// more.</returns>
    private (List<JobRow> Rows, long Floor) ReadSingles(ListSubmissions list, long before)
    {
        var (rows, wanted) = (new List<JobRow>(), list.Limit + 1);
        using var singles = new SingleRows(connection, list.Filter);
        var examined = 0;
        foreach (var segment in Candidates(list.Filter, before))
        {
            rows.AddRange(singles.Read(segment, before, wanted - rows.Count));
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
            WHERE segment <= @newest
            AND {SegmentSummary.HasSingles} AND ({filter.Segments})
            ORDER BY segment DESC LIMIT @most
            """;
        var newest = command.Add("@newest", Segments.Of(before - 1));
        command.Add("@most", filter.Labels is null ? SegmentsAtOnce : 1);
        IndexReader.AddParameters(command, filter);
        var found = filter.Labels is null
            ? Numbers(command)
            : WithLabel(filter, before, NewestUpTo);
        foreach (var segment in found)
            yield return segment;

        long? NewestUpTo(long segment)
        {
            newest.Value = segment;
            return Numbers(command) is [var one] ? one : null;
        }
    }

    /// <summary>The segments that have one of the labels, the newest first: steps from one to the
    /// next over the index of labels, and over the segments that may have a match.</summary>
    /// <param name="newestUpTo">The newest of those, up to a segment; null: there is none.</param>
    private IEnumerable<long> WithLabel(
        SliceFilter filter,
        long before,
        Func<long, long?> newestUpTo
    )
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT first FROM slices
            WHERE label = @label AND label <> '' AND first < @before
            {SingleRows.FailedAs(filter)}
            AND NOT {IndexTables.Spanning} ORDER BY first DESC LIMIT 1
            """;
        var label = command.Add("@label");
        var limit = command.Add("@before");
        while (true)
        {
            limit.Value = before;
            var newest = 0L;
            foreach (var one in filter.Labels!)
            {
                label.Value = one;
                newest = Math.Max(newest, Numbers(command).FirstOrDefault());
            }
            if (newest == 0 || newestUpTo(Segments.Of(newest)) is not { } segment)
                yield break;
            var hasBoth = segment == Segments.Of(newest);
            if (hasBoth)
                yield return segment;
            before = hasBoth ? Segments.First(segment) : Segments.Last(segment) + 1;
        }
    }

    /// <summary>Folds what the condition needs of all, then the whole rows of the few that
    /// match.</summary>
    private List<JobRow> ReadSpanning(ListSubmissions list, long before, long floor)
    {
        using var command = connection.CreateCommand();
        var (filter, labels) = (list.Filter, SingleRows.LabelsAs(command, list.Filter));
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
        return [.. SliceColumns.Read(command).Select(SingleRows.Row)];
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

    private static List<long> Numbers(DbCommand command)
    {
        var numbers = new List<long>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
            numbers.Add(reader.GetInt64(0));
        return numbers;
    }
}
