using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Forecasts;

/// <summary>Chooses the jobs whose times tell most: the active ones, and elements of maps that have
/// probably ended lately.</summary>
public static class RuntimeSources
{
    /// <summary>The jobs, in at most so many segments.</summary>
    /// <param name="unfinished">The unfinished submissions, the lowest jid first.</param>
    /// <param name="done">Submissions with done jobs, the lowest jid first.</param>
    public static List<JidRange> Of(
        WorkFound work,
        IReadOnlyList<JobRow> unfinished,
        IReadOnlyList<JobRow> done,
        int segments
    )
    {
        var (wanted, asked) = (new List<JidRange>(), new HashSet<long>());
        foreach (var range in JidRanges.SplitBySegment(work.Active))
            Add(range);
        foreach (var row in unfinished)
            if (row.First < row.Last && row.Counts.ElementAtOrDefault((int)Status.Done) > 0)
                AddNewest(row, FirstUnfinished(work, row));
        var alike = unfinished.SelectMany(KeysOf).ToHashSet();
        for (var i = done.Count - 1; i >= 0 && asked.Count < segments; i--)
            if (done[i] is { } row && row.First < row.Last && KeysOf(row).Any(alike.Contains))
                AddNewest(row, row.Last);
        return JidRanges.Normalize(wanted);

        // Elements start in the order of their jids: those before the first unfinished one ended
        // last.
        void AddNewest(JobRow row, long before)
        {
            var segment = Segments.Of(before);
            foreach (var one in new[] { segment, segment - 1 })
            {
                var first = Math.Max(row.First, Segments.First(one));
                var last = Math.Min(row.Last, Segments.Last(one));
                if (first <= last)
                    Add(JidRanges.Range(first, last));
            }
        }

        void Add(JidRange range)
        {
            var segment = Segments.Of(range.First);
            if (asked.Contains(segment) || asked.Count < segments)
            {
                asked.Add(segment);
                wanted.Add(range);
            }
        }
    }

    private static long FirstUnfinished(WorkFound work, JobRow row)
    {
        var first = row.Last;
        foreach (var range in work.Active.Concat(work.Queued))
            if (range.Last >= row.First && range.First <= row.Last)
                first = Math.Min(first, Math.Max(row.First, range.First));
        return first;
    }

    private static IEnumerable<(string Owner, bool IsLabel, string Text)> KeysOf(JobRow row)
    {
        if (row.Label.Length > 0)
            yield return (row.Owner, true, row.Label);
        yield return (row.Owner, false, row.Command);
    }
}
