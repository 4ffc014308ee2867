namespace JobCloud.Protocol.Notation;

/// <summary>Jids of one segment, sorted and disjoint.</summary>
public sealed record SegmentJids(long Segment, List<JidRange> Ranges);

/// <summary>Operations on lists of jid ranges, as sets and as sequences. They keep the order unless
/// stated otherwise.</summary>
public static class JidRanges
{
    public static JidRange Range(long first, long last) => new() { First = first, Last = last };

    /// <summary>The number of jids, counting duplicates; at most
    /// <see cref="long.MaxValue"/>.</summary>
    public static long Count(IReadOnlyList<JidRange> ranges)
    {
        var count = 0L;
        for (var i = 0; i < ranges.Count; i++)
        {
            var length = ranges[i].Last - ranges[i].First + 1;
            if (count > long.MaxValue - length)
                return long.MaxValue;
            count += length;
        }
        return count;
    }

    public static bool Contains(IReadOnlyList<JidRange> ranges, long jid)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].First <= jid && jid <= ranges[i].Last)
                return true;
        }
        return false;
    }

    /// <summary>The same set, sorted, with overlapping and adjacent ranges merged.</summary>
    public static List<JidRange> Normalize(IEnumerable<JidRange> ranges)
    {
        var sorted = new List<JidRange>(ranges);
        sorted.Sort(static (a, b) => a.First.CompareTo(b.First));
        var merged = new List<JidRange>(sorted.Count);
        foreach (var range in sorted)
        {
            var previous = merged.Count > 0 ? merged[^1] : null;
            if (previous is null || range.First - 1 > previous.Last)
                merged.Add(range.Clone());
            else if (range.Last > previous.Last)
                previous.Last = range.Last;
        }
        return merged;
    }

    /// <summary>The ranges in their order, without the jids that an earlier range has.</summary>
    public static List<JidRange> Distinct(List<JidRange> ranges)
    {
        if (AreDisjoint(ranges))
            return ranges;
        var pieces = new List<(int Owner, JidRange Jids)>();
        // Of the ranges that contain a jid, the first one in the list keeps it.
        var open = new PriorityQueue<int, int>();
        var starts = Enumerable.Range(0, ranges.Count).OrderBy(i => ranges[i].First).ToList();
        var (next, jid) = (0, 0L);
        while (next < starts.Count || open.Count > 0)
        {
            if (open.Count == 0)
                jid = Math.Max(jid, ranges[starts[next]].First);
            for (; next < starts.Count && ranges[starts[next]].First <= jid; next++)
                open.Enqueue(starts[next], starts[next]);
            var owner = open.Peek();
            if (ranges[owner].Last < jid)
            {
                open.Dequeue();
                continue;
            }
            var end = ranges[owner].Last;
            if (next < starts.Count)
                end = Math.Min(end, ranges[starts[next]].First - 1);
            if (pieces.Count > 0 && pieces[^1] is var (last, jids) && last == owner)
                jids.Last = end;
            else
                pieces.Add((owner, Range(jid, end)));
            if (end == long.MaxValue)
                break;
            jid = end + 1;
        }
        return [.. pieces.OrderBy(piece => piece.Owner).Select(piece => piece.Jids)];
    }

    private static bool AreDisjoint(List<JidRange> ranges)
    {
        var last = 0L;
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (range.First <= last)
                return false;
            last = range.Last;
        }
        return true;
    }

    /// <summary>The number of segments of sorted, disjoint ranges.</summary>
    public static long SegmentCount(IReadOnlyList<JidRange> ranges)
    {
        var (count, previous) = (0L, -1L);
        foreach (var range in ranges)
        {
            var (first, last) = (Segments.Of(range.First), Segments.Of(range.Last));
            count += last - first + (first == previous ? 0 : 1);
            previous = last;
        }
        return count;
    }

    /// <summary>Adds one jid; extends the last range if it ends just before.</summary>
    public static void Append(IList<JidRange> ranges, Jid jid)
    {
        if (ranges.Count > 0 && ranges[^1].Last + 1 == jid)
            ranges[^1].Last = jid;
        else
            ranges.Add(Range(jid, jid));
    }

    /// <summary>The part of the ranges within
    /// <paramref name="first"/>..<paramref name="last"/>.</summary>
    public static List<JidRange> Intersect(IReadOnlyList<JidRange> ranges, long first, long last)
    {
        var within = new List<JidRange>();
        for (var i = 0; i < ranges.Count; i++)
        {
            var low = Math.Max(ranges[i].First, first);
            var high = Math.Min(ranges[i].Last, last);
            if (low <= high)
                within.Add(Range(low, high));
        }
        return within;
    }

    /// <summary>The ranges in their order, without some jids.</summary>
    /// <param name="without">Sorted and disjoint.</param>
    public static List<JidRange> Except(
        IReadOnlyList<JidRange> ranges,
        IReadOnlyList<JidRange> without
    )
    {
        var kept = new List<JidRange>();
        foreach (var range in ranges)
        {
            var first = range.First;
            for (var i = FirstEndingFrom(without, first); i < without.Count; i++)
            {
                if (without[i].First > range.Last)
                    break;
                if (first < without[i].First)
                    kept.Add(Range(first, without[i].First - 1));
                // A range may end at the highest possible jid.
                if (without[i].Last >= range.Last)
                {
                    first = 0;
                    break;
                }
                first = without[i].Last + 1;
            }
            if (first > 0)
                kept.Add(Range(first, range.Last));
        }
        return kept;
    }

    private static int FirstEndingFrom(IReadOnlyList<JidRange> sorted, long jid)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle].Last < jid ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    /// <summary>The part of the ranges in one segment.</summary>
    public static List<JidRange> Within(IReadOnlyList<JidRange> ranges, long segment) =>
        Intersect(ranges, Segments.First(segment), Segments.Last(segment));

    /// <summary>The ranges in their order, split at segment boundaries.</summary>
    public static IEnumerable<JidRange> SplitBySegment(IEnumerable<JidRange> ranges)
    {
        foreach (var range in ranges)
        {
            var first = range.First;
            while (true)
            {
                var last = Math.Min(range.Last, Segments.Last(Segments.Of(first)));
                yield return Range(first, last);
                if (last == range.Last)
                    break;
                first = last + 1;
            }
        }
    }

    /// <summary>The set by segment, in ascending order; evaluated lazily.</summary>
    public static IEnumerable<SegmentJids> BySegment(IEnumerable<JidRange> ranges) =>
        RunsBySegment(Normalize(ranges));

    /// <summary>The ranges in their order, grouped by segment where consecutive ones share
    /// it.</summary>
    public static IEnumerable<SegmentJids> RunsBySegment(IEnumerable<JidRange> ranges)
    {
        SegmentJids? current = null;
        foreach (var range in SplitBySegment(ranges))
        {
            var segment = Segments.Of(range.First);
            if (current is not null && current.Segment != segment)
                yield return current;
            if (current is null || current.Segment != segment)
                current = new SegmentJids(segment, []);
            current.Ranges.Add(range);
        }
        if (current is not null)
            yield return current;
    }

    public static IEnumerable<Jid> Enumerate(IEnumerable<JidRange> ranges)
    {
        foreach (var range in ranges)
        {
            for (var jid = new Jid(range.First); jid < range.Last; jid++)
                yield return jid;
            yield return new Jid(range.Last);
        }
    }
}
