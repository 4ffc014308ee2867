using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Timelines;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class TimelineTests
{
    [Theory]
    [InlineData(CgroupUse.Auto)]
    [InlineData(CgroupUse.Off)]
    public async Task The_usage_of_a_job_over_time_is_kept(CgroupUse cgroups)
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var greeting = Greeting;
        greeting.Limits = new() { Cgroups = cgroups };
        await using var agent = await executor.TalkAsync(greeting);
        var end = Path.Combine(executor.Home.Home, "end");
        var job = Job(
            $"printf 12345; while [ ! -e {end} ]; do :; done; head -c 100000 /dev/zero > file"
        );
        var timeline = executor.Home.Attempt(new Jid(job.Jid), 1).Timeline;

        agent.Start(job);
        await Eventually.HoldsAsync(
            () => File.Exists(timeline) && Read(timeline).Count >= 3,
            "three samples are kept"
        );
        await File.WriteAllTextAsync(end, "");
        var ended = await agent.EndedAsync(job.Jid);

        var samples = Read(timeline);
        Assert.InRange(samples.Count, 3, 240);
        Assert.Equal(samples.OrderBy(s => s.At), samples);
        Assert.Equal(samples.OrderBy(s => s.CpuUs), samples);
        Assert.All(samples, s => Assert.InRange(s.StdoutBytes, 0, 5));
        Assert.Contains(samples, s => s.MemoryBytes > 0);
        var last = samples[^1];
        Assert.Equal(ended.EndedAt, last.At);
        Assert.Equal(ended.Usage.CpuUserUs + ended.Usage.CpuSystemUs, last.CpuUs);
        Assert.Equal((ended.Usage.DiskBytes, 5), (last.DiskBytes, last.StdoutBytes));
        Assert.True(last.DiskBytes >= 100_000);
    }

    private static List<TimelineSample> Read(string timeline)
    {
        using var file = File.Open(timeline, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return TimelineSamples.Read(bytes);
    }

    [Fact]
    public async Task A_short_job_has_no_timeline()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("true");

        await agent.RunAsync(job);

        Assert.False(File.Exists(executor.Home.Attempt(new Jid(job.Jid), 1).Timeline));
    }
}
