using FsCheck.Xunit;
using JobCloud.Protocol.Batches;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Batches;

[Properties(Arbitrary = [typeof(Generators)])]
public sealed class JidRangesTests
{
    [Property]
    public void Counting_is_the_length_of_enumerating(JidRange[] ranges) =>
        Assert.Equal(JidRanges.Enumerate(ranges).LongCount(), JidRanges.Count(ranges));

    [Property]
    public void Compressing_keeps_the_jids_and_their_order(JidRange[] ranges)
    {
        var jids = JidRanges.Enumerate(ranges).ToList();
        Assert.Equal(jids, JidRanges.Enumerate(JidRanges.Compress(jids)));
    }

    [Property]
    public void Normalizing_keeps_the_set_and_leaves_gaps_between_ranges(JidRange[] ranges)
    {
        var normal = JidRanges.Normalize(ranges);
        Assert.Equal(JidRanges.Enumerate(ranges).Distinct().Order(), JidRanges.Enumerate(normal));
        Assert.All(normal.Zip(normal.Skip(1)), p => Assert.True(p.First.Last + 1 < p.Second.First));
    }

    [Property]
    public void Cutting_keeps_the_jids_and_each_piece_lies_in_one_segment(JidRange[] ranges)
    {
        var pieces = JidRanges.Cut(ranges).ToList();
        Assert.Equal(JidRanges.Enumerate(ranges), JidRanges.Enumerate(pieces));
        Assert.All(pieces, p => Assert.Equal(Segments.Of(p.First), Segments.Of(p.Last)));
    }

    [Property]
    public void By_segment_is_what_lies_within_each(JidRange[] ranges)
    {
        var parts = JidRanges.BySegment(ranges).ToList();
        Assert.Equal(parts.Select(p => p.Segment).Distinct().Order(), parts.Select(p => p.Segment));
        Assert.All(
            parts,
            p => Assert.Equal(JidRanges.Within(JidRanges.Normalize(ranges), p.Segment), p.Ranges)
        );
        Assert.Equal(
            JidRanges.Count(JidRanges.Normalize(ranges)),
            parts.Sum(p => JidRanges.Count(p.Ranges))
        );
    }

    [Property]
    public void A_jid_is_contained_when_it_is_enumerated(JidRange[] ranges, JidRange probe) =>
        Assert.Equal(
            JidRanges.Enumerate(ranges).Contains(probe.First),
            JidRanges.Contains(ranges, probe.First)
        );

    [Fact]
    public void The_largest_range_can_be_counted_and_cut()
    {
        var all = new[] { JidRanges.Range(1, long.MaxValue), JidRanges.Range(1, 5) };
        Assert.Equal(long.MaxValue, JidRanges.Count(all));
        Assert.Equal(1023, JidRanges.Cut(all).First().Last);
        var end = new[] { JidRanges.Range(long.MaxValue - 1, long.MaxValue) };
        Assert.Equal(end, JidRanges.Cut(end));
        Assert.Equal(Segments.Highest, Segments.Of(long.MaxValue));
        Assert.Equal(long.MaxValue, Segments.Last(Segments.Highest));
    }
}
