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
}
