using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Sampling;

namespace JobCloud.Node.Tests.Executor.Sampling;

public sealed class UsageTallyTests
{
    [Fact]
    public void The_cpu_time_of_a_running_job_never_falls()
    {
        var tally = new UsageTally();
        tally.Record(userUs: 260_000, systemUs: 10_000, memory: 0, swap: 0);
        Assert.Equal(260_000, tally.Now().CpuUserUs);

        tally.Record(userUs: 0, systemUs: 0, memory: 0, swap: 0);
        Assert.Equal((260_000, 10_000), (tally.Now().CpuUserUs, tally.Now().CpuSystemUs));

        tally.Record(userUs: 300_000, systemUs: 20_000, memory: 0, swap: 0);
        Assert.Equal((300_000, 20_000), (tally.Now().CpuUserUs, tally.Now().CpuSystemUs));
    }

    [Fact]
    public void The_page_cache_of_a_job_is_not_its_memory()
    {
        var tally = new UsageTally();
        tally.Record(Reading(memory: 630, max: 630, cache: 600), hasEnded: false);
        Assert.Equal((30, 600), (tally.Now().MemoryBytes, tally.Now().MemoryCacheBytes));
        Assert.Equal(30, tally.Now().MemoryMaxBytes);
    }

    [Fact]
    public void A_peak_between_samples_is_seen()
    {
        var tally = new UsageTally();
        tally.Record(Reading(memory: 20, max: 20, cache: 5), hasEnded: false);
        tally.Record(Reading(memory: 20, max: 500, cache: 5), hasEnded: true);
        Assert.Equal(495, tally.AtEnd(ownPeakMemory: 0).MemoryMaxBytes);
    }

    [Fact]
    public void A_sampled_peak_stays_when_the_cache_grows_later()
    {
        var tally = new UsageTally();
        tally.Record(Reading(memory: 500, max: 500, cache: 0), hasEnded: false);
        tally.Record(Reading(memory: 630, max: 630, cache: 600), hasEnded: false);
        Assert.Equal(500, tally.AtEnd(ownPeakMemory: 0).MemoryMaxBytes);
    }

    [Fact]
    public void Cache_that_was_dropped_before_the_end_is_not_the_peak()
    {
        var tally = new UsageTally();
        tally.Record(Reading(memory: 630, max: 630, cache: 600), hasEnded: false);
        tally.Record(Reading(memory: 10, max: 630, cache: 0), hasEnded: true);
        Assert.Equal(30, tally.AtEnd(ownPeakMemory: 0).MemoryMaxBytes);
    }

    [Fact]
    public void Memory_that_the_kernel_does_not_count_stays_unmeasured()
    {
        var tally = new UsageTally();
        tally.Record(Reading(memory: -1, max: -1, cache: -1), hasEnded: false);
        Assert.Equal((-1, -1), (tally.Now().MemoryBytes, tally.Now().MemoryMaxBytes));
        Assert.Equal(-1, tally.Now().MemoryCacheBytes);
    }

    private static CgroupReading Reading(long memory, long max, long cache) =>
        new(0, 0, 0, memory, max, 0, 0, 0, 0, CacheBytes: cache);
}
