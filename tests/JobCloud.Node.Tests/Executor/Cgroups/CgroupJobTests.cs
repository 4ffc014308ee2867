using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>What cgroups do for jobs, on a machine that has them for this user; elsewhere it is the
/// word why not, and that what then cannot be known is not made up.</summary>
public sealed class CgroupJobTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private const long Megabyte = 1024 * 1024;
    private readonly ExecutorConversation _agent = fixture.Agent;

    /// <summary>Where not, the executor must say why.</summary>
    private bool HasCgroups
    {
        get
        {
            var limits = _agent.Inventory.Limits;
            Assert.Matches("^(cgroup v[12]: |not enforced .*: .+$)", limits);
            return limits.StartsWith("cgroup v");
        }
    }

    [Fact]
    public async Task The_node_says_how_limits_are_had_or_why_they_are_not()
    {
        var limits = _agent.Inventory.Limits;

        Assert.Matches("^(cgroup v[12]: memory, cores|not enforced .*: .+)$", limits);
        var ended = await _agent.RunAsync(Job("true"));
        Assert.Equal(HasCgroups ? 0 : -1, ended.Usage.MemoryFailures);
    }

    [Fact]
    public async Task A_job_is_in_a_cgroup_of_its_own_from_its_first_moment()
    {
        var job = Job("cat /proc/self/cgroup");

        await _agent.RunAsync(job);

        var isInside = fixture.Stdout(job).Contains("/jobcloud-");
        Assert.Equal(HasCgroups, isInside);
        Assert.DoesNotContain(
            "/jobcloud-",
            await File.ReadAllTextAsync($"/proc/{fixture.Executor.Pid}/cgroup")
        );
    }

    [Fact]
    public async Task A_job_over_its_memory_ends_out_of_memory_and_its_neighbour_goes_on()
    {
        var neighbour = Job("until [ -e go ]; do sleep 0.01; done; echo well");
        _agent.Start(neighbour);
        await _agent.StartedAsync(neighbour.Jid);
        var greedy = Hungry("exec tail /dev/zero");

        var ended = await RunAsync(greedy);
        await File.WriteAllTextAsync($"{fixture.Paths(neighbour).Directory}/go", "");
        await _agent.EndedAsync(neighbour.Jid);

        Assert.Equal("well\n", fixture.Stdout(neighbour));
        if (!HasCgroups)
            return;
        Assert.True(ended.Exit.OutOfMemory);
        Assert.Equal(9, ended.Exit.Signal);
        Assert.True(ended.Usage.MemoryFailures > 0);
        Assert.InRange(ended.Usage.MemoryMaxBytes, 25 * Megabyte, 31 * Megabyte);
    }

    [Fact]
    public async Task When_only_a_child_runs_out_of_memory_the_rest_of_the_job_goes_with_it()
    {
        if (!HasCgroups)
            return;
        var job = Hungry("tail /dev/zero; echo survived; sleep 94");

        var ended = await _agent.RunAsync(job);

        Assert.True(ended.Exit.OutOfMemory);
        Assert.Equal(9, ended.Exit.Signal);
    }

    [Fact]
    public async Task A_job_whose_child_ran_out_of_memory_is_not_done_whatever_its_exit_code()
    {
        if (!HasCgroups)
            return;
        var ended = await _agent.RunAsync(Hungry("tail /dev/zero; exit 0"));

        Assert.True(ended.Exit.OutOfMemory);
    }

    [Fact]
    public async Task A_cgroup_that_ran_out_of_memory_is_no_later_jobs()
    {
        await RunAsync(Hungry("exec tail /dev/zero"));

        var next = await _agent.RunAsync(Hungry("true"));

        Assert.False(next.Exit.OutOfMemory);
        Assert.Equal(HasCgroups ? 0 : -1, next.Usage.MemoryFailures);
    }

    [Fact]
    public async Task A_job_gets_no_more_cores_than_it_asked_for()
    {
        if (!HasCgroups || Environment.ProcessorCount < 2)
            return;
        var job = Job($"{Dummy("burn 1")} & {Dummy("burn 1")} & {Dummy("burn 1")} & wait");
        job.Cores = 1;

        var ended = await _agent.RunAsync(job);

        var seconds = (ended.EndedAt - ended.StartedAt) / 1e6;
        var used = (ended.Usage.CpuUserUs + ended.Usage.CpuSystemUs) / 1e6;
        Assert.InRange(used, 0.1, seconds + 0.3);
    }

    [Fact]
    public async Task The_peak_of_a_very_short_job_is_real()
    {
        if (!HasCgroups)
            return;
        var small = await _agent.RunAsync(Job("true"));
        var large = await _agent.RunAsync(Job("head -c 40000000 /dev/zero | tail -n 1 | wc -c"));

        Assert.InRange(small.Usage.MemoryMaxBytes, 1, 10 * Megabyte);
        Assert.InRange(large.Usage.MemoryMaxBytes, 30 * Megabyte, 400 * Megabyte);
    }

    [Fact]
    public async Task What_a_job_used_is_not_told_of_the_next_one_in_its_cgroup()
    {
        var usages = new List<AttemptEnd>();
        for (var i = 0; i < 20; i++)
            usages.Add(await _agent.RunAsync(Job("true")));

        Assert.All(
            usages.Select(e => e.Usage.CpuUserUs + e.Usage.CpuSystemUs),
            cpu => Assert.InRange(cpu, 1, 100_000)
        );
    }

    [Fact]
    public async Task A_daemon_without_any_mark_ends_with_its_job_and_counts()
    {
        if (!HasCgroups)
            return;
        var job = Job(
            "env -i setsid -f /bin/sh -c 'i=0; while :; do i=$((i+1)); done'; "
                + "until [ -e go ]; do sleep 0.01; done"
        );
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);
        await Eventually.HoldsAsync(
            async () => await _agent.UsageAsync(job.Jid) is { CpuUserUs: > 200_000 },
            "what the daemon uses is counted"
        );
        await File.WriteAllTextAsync($"{fixture.Paths(job).Directory}/go", "");
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.True(ended.Usage.CpuUserUs > 200_000);
        Assert.Equal((0, 0), (ended.Exit.Code, ended.Exit.Signal));
    }

    [Fact]
    public async Task Disk_usage_is_that_of_the_directory_also_of_a_job_that_left_nothing()
    {
        var holds = await _agent.RunAsync(Job("head -c 300000 /dev/zero > f; sleep 0.2"));
        var empty = await _agent.RunAsync(Job("sleep 0.2"));

        Assert.InRange(holds.Usage.DiskBytes, 300_000, 400_000);
        Assert.Equal(0, empty.Usage.DiskBytes);
    }

    [Fact]
    public async Task A_directory_that_a_job_names_is_measured_unless_it_ends_at_once()
    {
        var folder = Directory.CreateTempSubdirectory("disk");
        var (stays, quick) = (Job("head -c 300000 /dev/zero > f; sleep 0.2"), Job("true"));
        stays.WorkingDirectory = quick.WorkingDirectory = folder.FullName;

        var (measured, not) = (await _agent.RunAsync(stays), await _agent.RunAsync(quick));

        Assert.InRange(measured.Usage.DiskBytes, 300_000, 400_000);
        // On a slow machine it is not that quick.
        if (not.EndedAt - not.StartedAt < 100_000)
            Assert.Equal(-1, not.Usage.DiskBytes);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_job_whose_cgroup_cannot_be_made_is_not_run_without_limits()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(ExecutorFixture.Greeting);
        if (agent.Inventory.Limits.StartsWith("cgroup v"))
            foreach (var parent in await File.ReadAllLinesAsync(executor.Home.Cgroups))
                Directory.Delete(parent);

        var ended = await agent.RunAsync(Job("true"));

        Assert.Equal(
            HasCgroups
                ? "its cgroup cannot be made: that of its node is gone; restart the node"
                : "",
            ended.Exit.NotStarted
        );
    }

    private async Task<AttemptEnd> RunAsync(StartProcess job)
    {
        _agent.Start(job);
        // Without a limit it would take all memory of the machine.
        if (!HasCgroups)
            _agent.Stop(job.Jid);
        return await _agent.EndedAsync(job.Jid);
    }

    private static StartProcess Hungry(string command)
    {
        var job = Job(command);
        job.MemoryBytes = 30 * Megabyte;
        return job;
    }
}
