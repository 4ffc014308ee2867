using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Notation;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class JidRangesTests
{
    [Property]
    public void Count_is_the_number_of_enumerated_jids(JidRange[] ranges) =>
        Assert.Equal(JidRanges.Enumerate(ranges).LongCount(), JidRanges.Count(ranges));

    [Property]
    public void Normalize_keeps_the_set_and_leaves_gaps_between_ranges(JidRange[] ranges)
    {
        var normal = JidRanges.Normalize(ranges);
        Assert.Equal(JidRanges.Enumerate(ranges).Distinct().Order(), JidRanges.Enumerate(normal));
        Assert.All(normal.Zip(normal.Skip(1)), p => Assert.True(p.First.Last + 1 < p.Second.First));
    }

    [Property]
    public void Distinct_keeps_the_first_place_of_each_jid(JidRange[] ranges) =>
        Assert.Equal(
            JidRanges.Enumerate(ranges).Distinct(),
            JidRanges.Enumerate(JidRanges.Distinct([.. ranges]))
        );

    [Fact]
    public void Distinct_accepts_the_largest_ranges()
    {
        var all = JidRanges.Range(1, long.MaxValue);
        Assert.Equal([all], JidRanges.Distinct([all, all, JidRanges.Range(5, 9)]));
        Assert.Equal(
            [JidRanges.Range(5, 9), JidRanges.Range(1, 4), JidRanges.Range(10, long.MaxValue)],
            JidRanges.Distinct([JidRanges.Range(5, 9), all])
        );
    }

    [Property]
    public void Except_keeps_the_order_of_all_other_jids(JidRange[] ranges, JidRange[] without) =>
        Assert.Equal(
            JidRanges.Enumerate(ranges).Where(jid => !JidRanges.Contains(without, jid)),
            JidRanges.Enumerate(JidRanges.Except(ranges, JidRanges.Normalize(without)))
        );

    [Fact]
    public void Except_accepts_the_largest_ranges()
    {
        var all = JidRanges.Range(1, long.MaxValue);
        Assert.Empty(JidRanges.Except([all], [all]));
        Assert.Equal(
            [JidRanges.Range(1, 4)],
            JidRanges.Except([all], [JidRanges.Range(5, all.Last)])
        );
    }

    [Property]
    public void Cut_keeps_the_jids_and_splits_them_by_segment(JidRange[] ranges)
    {
        var pieces = JidRanges.SplitBySegment(ranges).ToList();
        Assert.Equal(JidRanges.Enumerate(ranges), JidRanges.Enumerate(pieces));
        Assert.All(pieces, p => Assert.Equal(Segments.Of(p.First), Segments.Of(p.Last)));
    }

    [Property]
    public void BySegment_yields_the_jids_within_each_segment(JidRange[] ranges)
    {
        var parts = JidRanges.BySegment(ranges).ToList();
        Assert.Equal(parts.Select(p => p.Segment).Distinct().Order(), parts.Select(p => p.Segment));
        Assert.All(
            parts,
            p => Assert.Equal(JidRanges.Within(JidRanges.Normalize(ranges), p.Segment), p.Ranges)
        );
        Assert.Equal(parts.Count, JidRanges.SegmentCount(JidRanges.Normalize(ranges)));
        Assert.Equal(
            JidRanges.Count(JidRanges.Normalize(ranges)),
            parts.Sum(p => JidRanges.Count(p.Ranges))
        );
    }

    [Property]
    public void Contains_agrees_with_Enumerate(JidRange[] ranges, JidRange probe) =>
        Assert.Equal(
            JidRanges.Enumerate(ranges).Contains(new Jid(probe.First)),
            JidRanges.Contains(ranges, probe.First)
        );

    [Fact]
    public void Count_and_Cut_accept_the_largest_range()
    {
        var all = new[] { JidRanges.Range(1, long.MaxValue), JidRanges.Range(1, 5) };
        Assert.Equal(long.MaxValue, JidRanges.Count(all));
        Assert.Equal(1023, JidRanges.SplitBySegment(all).First().Last);
        var end = new[] { JidRanges.Range(long.MaxValue - 1, long.MaxValue) };
        Assert.Equal(end, JidRanges.SplitBySegment(end));
        Assert.Equal(Segments.Highest, Segments.Of(long.MaxValue));
        Assert.Equal(long.MaxValue, Segments.Last(Segments.Highest));
    }
}
