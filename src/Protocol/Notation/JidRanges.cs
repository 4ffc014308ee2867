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
