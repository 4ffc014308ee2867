using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Jobs;

/// <summary>A slice of a map, with the numbers of its jobs by status number; 0: deleted
/// jobs.</summary>
/// <param name="Map">The first jid of the map.</param>
public sealed record MapSlice(long First, long Last, long Map, IReadOnlyList<long> Counts);

/// <summary>A part of a selection, whose jobs are of one map or of none.</summary>
/// <param name="Range">The number of the selected range that it is a part of.</param>
/// <param name="Map">The first jid of the map; 0: none.</param>
/// <param name="Counts">Its jobs by status number; null: their segments tell.</param>
public sealed record StatusPart(
    long First,
    long Last,
    int Range,
    long Map = 0,
    IReadOnlyList<long>? Counts = null
);

/// <summary>Folds the statuses of jobs: the selected jobs of a map become one row.</summary>
public static class StatusFold
{
    /// <summary>Splits a range at the slices of maps in it.</summary>
    /// <param name="slices">In ascending order; they may exceed the range.</param>
    public static IEnumerable<StatusPart> Split(
        JidRange range,
        int number,
        IEnumerable<MapSlice> slices
    )
    {
        var at = range.First;
        foreach (var slice in slices)
        {
            var (low, high) = (Math.Max(at, slice.First), Math.Min(range.Last, slice.Last));
            if (high < low)
                continue;
            if (low > at)
                yield return new StatusPart(at, low - 1, number);
            // Deleted jobs need the answer of their segment: they are skipped or refused.
            var whole = low == slice.First && high == slice.Last && slice.Counts[0] == 0;
            yield return new StatusPart(low, high, number, slice.Map, whole ? slice.Counts : null);
            at = high + 1;
        }
        if (at <= range.Last)
            yield return new StatusPart(at, range.Last, number);
    }

    /// <summary>The rows of a selection.</summary>
    /// <param name="runs">The statuses of the parts without counts, in their order.</param>
    public static List<StatusRow> Rows(IEnumerable<StatusPart> parts, IReadOnlyList<StatusRun> runs)
    {
        var rows = new List<StatusRow>();
        var (run, skip, before) = (0, 0L, (StatusPart?)null);
        foreach (var part in parts)
        {
            if (part.Counts is { } counts)
                Add(part.First, part.Last, [.. counts], part);
            while (part.Counts is null && run < runs.Count)
            {
                var (first, last) = (runs[run].First + skip, End(runs[run]));
                if (first < part.First || first > part.Last)
                    break;
                var end = Math.Min(last, part.Last);
                var one = new long[Statuses.Count];
                one[(int)runs[run].Status] = end - first + 1;
                Add(first, end, one, part);
                (run, skip) = end == last ? (run + 1, 0) : (run, skip + end - first + 1);
            }
        }
        return rows;

        void Add(long first, long last, long[] counts, StatusPart part)
        {
            if (rows.Count > 0 && before is not null && Continues(rows[^1], before, part))
            {
                rows[^1].Last = last;
                for (var status = 0; status < counts.Length; status++)
                    rows[^1].Counts[status] += counts[status];
            }
            else
                rows.Add(
                    new StatusRow
                    {
                        First = first,
                        Last = last,
                        Counts = { counts },
                        IsMap = part.Map > 0,
                    }
                );
            before = part;

            // Of a map in one range, only deleted jobs can be missing.
            bool Continues(StatusRow row, StatusPart earlier, StatusPart now) =>
                earlier.Map == now.Map
                && (row.Last + 1 == first || (now.Map > 0 && earlier.Range == now.Range))
                && (now.Map > 0 || IsSame(row.Counts, counts));
        }
    }

    private static long End(StatusRun run) => run.First + run.Count - 1;

    /// <summary>Whether both have jobs in the same statuses.</summary>
    private static bool IsSame(IReadOnlyList<long> one, IReadOnlyList<long> other)
    {
        for (var status = 0; status < one.Count; status++)
            if (one[status] > 0 != other[status] > 0)
                return false;
        return true;
    }
}
