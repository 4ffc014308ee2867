using JobCloud.Protocol;
using JobCloud.Protocol.Feed;
using JobCloud.Tui.FullScreen.Model;

namespace JobCloud.FullScreen.Tests.Model;

public sealed class UsageTrackerTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Cores_in_use_are_the_CPU_time_between_samples()
    {
        var book = Sampled(1 * Second, 2 * Second, 3 * Second);
        Assert.Equal(1.0, book.View()[7].Cores!.Value, 3);
        Assert.Equal(4096, book.View()[7].MemoryBytes);
    }

    [Fact]
    public void One_sample_gives_no_value_rather_than_zero()
    {
        Assert.Null(Sampled(5 * Second).View()[7].Cores);
        Assert.Null(new UsageTracker().View().GetValueOrDefault(7));
    }

    [Fact]
    public void An_idle_job_reaches_zero_after_a_while() =>
        Assert.Equal(0, Sampled(0, 9 * Second, 9 * Second, 9 * Second, 9 * Second).View()[7].Cores);

    [Fact]
    public void A_new_attempt_starts_a_new_measurement() =>
        Assert.Null(Sampled(9 * Second, 10 * Second, 1 * Second).View()[7].Cores);

    [Fact]
    public void Usage_of_jobs_that_are_not_visible_is_dropped()
    {
        var book = Sampled(1);
        Assert.True(book.Keep([8]));
        Assert.Empty(book.View());
        Assert.False(book.Keep([]));
    }

    [Fact]
    public void The_trend_has_the_newest_values_of_a_minute()
    {
        var cpu = Enumerable.Range(0, 100).Select(i => i * Second).ToArray();
        Assert.Equal([1, 1, 1], Sampled(cpu[..4]).View()[7].Trend);
        Assert.Equal(UsageTracker.TrendKept, Sampled(cpu).View()[7].Trend.Count);
    }

    // One sample per second.
    private static UsageTracker Sampled(params long[] cpu)
    {
        var book = new UsageTracker();
        for (var i = 0; i < cpu.Length; i++)
        {
            var usage = new Usage { CpuUserUs = cpu[i], MemoryBytes = 4096 };
            book.AddSamples([new UsageNow { Jid = 7, Usage = usage }], (i + 1) * Second);
        }
        return book;
    }
}
