using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Timelines;

namespace JobCloud.Protocol.Tests.Timelines;

public sealed class TimelineLaws
{
    private const long Start = 1_000_000;

    /// <summary>Rules, and the pauses between measurements of an attempt, ms.</summary>
    public sealed record Measurements(TimelineRules Rules, int[] Pauses);

    public static class Any
    {
        public static Arbitrary<Measurements> Measurements() =>
            (
                from dense in Gen.Choose(1, 200)
                from sparse in Gen.Choose(dense, 2_000)
                from max in Gen.Choose(2, 40)
                from pauses in Gen.ArrayOf(Gen.Choose(1, 3 * sparse))
                select new Measurements(new(dense, sparse, max), pauses)
            ).ToArbitrary();
    }

    [Property(Arbitrary = [typeof(Any)])]
    public void The_number_of_samples_is_limited_and_counted(Measurements measurements)
    {
        foreach (var (line, kept) in Follow(measurements))
        {
            Assert.InRange(kept.Count, 0, measurements.Rules.SamplesMax);
            Assert.Equal(kept.Count, line.Kept);
        }
    }

    [Property(Arbitrary = [typeof(Any)])]
    public void The_first_and_the_newest_sample_are_kept_in_order(Measurements measurements)
    {
        long? first = null;
        foreach (var (line, kept) in Follow(measurements).Where(step => step.Kept.Count > 0))
        {
            first ??= kept[0];
            Assert.Equal(first, kept[0]);
            Assert.Equal(line.LastAt, kept[^1]);
            Assert.Equal(kept.Distinct().Order(), kept);
        }
    }

    [Property(Arbitrary = [typeof(Any)])]
    public void Later_samples_are_at_least_the_doubled_interval_apart(Measurements measurements)
    {
        foreach (var (line, kept) in Follow(measurements).Where(step => step.Line.Thinned > 0))
        {
            var interval = measurements.Rules.SparseMs << (line.Thinned - 1);
            var later = kept.Where(at => at - Start >= 2 * measurements.Rules.SparseMs).ToArray();
            Assert.All(
                later.Zip(later.Skip(1)),
                pair => Assert.True(pair.Second - pair.First >= interval)
            );
        }
    }

    [Fact]
    public void A_timeline_is_dense_at_the_start_and_sparse_later()
    {
        var rules = new TimelineRules(100, 1_000, 240);

        var kept = Follow(new(rules, [.. Enumerable.Repeat(10, 500)])).Last().Kept;

        Assert.Equal(
            [100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000, 2_000, 3_000, 4_000, 5_000],
            kept.Select(at => at - Start)
        );
    }

    [Fact]
    public void A_timeline_of_a_day_stays_within_the_limit()
    {
        var rules = new TimelineRules(100, 1_000, 240);

        var (line, kept) = Follow(new(rules, [.. Enumerable.Repeat(1_000, 86_400)])).Last();

        Assert.InRange(kept.Count, 120, 240);
        Assert.Equal(9, line.Thinned);
    }

    [Property]
    public void A_truncated_timeline_gives_its_complete_samples(PositiveInt[] times, byte cut)
    {
        var samples = times.Select(t => new TimelineSample { At = t.Get, CpuUs = -1 }).ToArray();
        using var stream = new MemoryStream();
        foreach (var sample in samples)
            sample.WriteDelimitedTo(stream);
        var bytes = stream.ToArray();
        var whole = TimelineSamples.Read(bytes);
        var part = TimelineSamples.Read(bytes.AsSpan(0, Math.Max(0, bytes.Length - cut)));

        Assert.Equal(samples, whole);
        Assert.Equal(samples.Take(part.Count), part);
    }

    private static IEnumerable<(Timeline Line, List<long> Kept)> Follow(Measurements measurements)
    {
        var line = Timeline.Begin(Start);
        var kept = new List<long>();
        var now = Start;
        foreach (var pause in measurements.Pauses)
        {
            now += pause;
            if (!line.IsDue(now, measurements.Rules))
                continue;
            line = line.Keep(now, measurements.Rules, out var thins);
            if (thins)
                kept = [.. Timeline.Thin(kept)];
            kept.Add(now);
            yield return (line, kept);
        }
    }
}
