using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Timelines;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

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
        var job = Job($"printf 12345; {Dummy("burn 1.2")}; head -c 100000 /dev/zero > file");

        var ended = await agent.RunAsync(job);

        var samples = TimelineSamples.Read(
            await File.ReadAllBytesAsync(executor.Home.Attempt(job.Jid, 1).Timeline)
        );
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

    [Fact]
    public async Task A_short_job_has_no_timeline()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("true");

        await agent.RunAsync(job);

        Assert.False(File.Exists(executor.Home.Attempt(job.Jid, 1).Timeline));
    }
}
