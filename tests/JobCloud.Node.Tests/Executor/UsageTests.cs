using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor;

public sealed class UsageTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private const long Megabyte = 1_000_000;
    private readonly ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task Cpu_time_includes_all_processes_of_a_job()
    {
        var alone = await _agent.RunAsync(Job(Dummy("burn 0.4")));
        var below = await _agent.RunAsync(Job($"{Dummy("burn 0.4")} & wait"));

        Assert.InRange(alone.Usage.CpuUserUs, 20_000, 2_000_000);
        Assert.InRange(below.Usage.CpuUserUs, 20_000, 2_000_000);
    }

    [Fact]
    public async Task Cpu_time_includes_daemons()
    {
        const string Burn = "i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done; touch burnt";
        var ended = await _agent.RunAsync(
            Job($"setsid -f sh -c '{Burn}'; while [ ! -e burnt ]; do sleep 0.02; done")
        );

        Assert.InRange(ended.Usage.CpuUserUs, 50_000, 60_000_000);
    }

    [Fact]
    public async Task The_memory_peak_includes_all_processes_of_a_job()
    {
        var one = Dummy($"hold {100 * Megabyte} 1");

        var ended = await _agent.RunAsync(Job($"{one} & {one} & wait"));

        Assert.InRange(ended.Usage.MemoryMaxBytes, 200 * Megabyte, 1_000 * Megabyte);
    }

    [Fact]
    public async Task The_current_usage_of_a_running_job_is_reported()
    {
        var job = Job($"head -c 3000000 /dev/zero > file; {Dummy($"hold {50 * Megabyte} 60")}");
        _agent.Start(job);

        await Eventually.HoldsAsync(
            async () => (await _agent.UsageAsync(job.Jid))?.MemoryBytes > 50 * Megabyte,
            "its memory is measured"
        );
        var usage = await _agent.UsageAsync(job.Jid);
        _agent.Stop(job.Jid);

        Assert.InRange(usage!.DiskBytes, 3_000_000, 4_000_000);
        Assert.True(usage.CpuUserUs + usage.CpuSystemUs > 0);
        Assert.True(usage.SwapBytes >= 0);
    }

    [Fact]
    public async Task A_job_that_is_not_running_has_no_current_usage()
    {
        Assert.Null(await _agent.UsageAsync(Job("true").Jid));
    }

    [Fact]
    public async Task Output_over_the_limit_loses_its_oldest_bytes_and_the_job_continues()
    {
        var job = Job($"{Dummy("spew 5000000")}; printf end");

        var ended = await _agent.RunAsync(job);

        var paths = fixture.Paths(job);
        var dropped = long.Parse(
            (await File.ReadAllTextAsync($"{paths.Folder}/{paths.Name}.drop")).Split(' ')[0]
        );
        var bytes = await File.ReadAllBytesAsync(paths.Stdout);
        Assert.Equal((0, 5_000_003), (ended.Exit.Code, ended.Exit.StdoutBytes));
        Assert.Equal(5_000_003, bytes.Length);
        Assert.InRange(bytes.Length - dropped, OutputLimit / 2, OutputLimit);
        Assert.All(bytes.Take((int)dropped), b => Assert.Equal(0, b));
        Assert.Equal("xend"u8.ToArray(), bytes[^4..]);
    }
}
