using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>Jobs in cgroups, on a machine where this user may create them. Elsewhere the tests
/// check that the executor gives a reason and reports no invented values.</summary>
public sealed class CgroupJobTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    private const long Megabyte = 1024 * 1024;
    private readonly ExecutorClient _agent = fixture.Agent;

    /// <summary>Whether jobs have cgroups; otherwise asserts that the executor gives a
    /// reason.</summary>
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
    public async Task The_executor_reports_how_limits_are_enforced_or_why_they_are_not()
    {
        var limits = _agent.Inventory.Limits;

        Assert.Matches("^(cgroup v[12]: memory, cores(, processes)?|not enforced .*: .+)$", limits);
        var ended = await _agent.RunAsync(Job("true"));
        Assert.Equal(HasCgroups ? 0 : -1, ended.Usage.MemoryFailures);
    }

    [Fact]
    public async Task A_job_starts_in_its_own_cgroup()
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
    public async Task A_job_over_its_memory_limit_is_killed_and_other_jobs_continue()
    {
        var other = Job("until [ -e go ]; do sleep 0.01; done; echo done");
        _agent.Start(other);
        await _agent.StartedAsync(other.Jid);
        var overLimit = WithMemoryLimit("exec tail /dev/zero");

        var ended = await RunAsync(overLimit);
        await File.WriteAllTextAsync($"{fixture.Paths(other).Directory}/go", "");
        await _agent.EndedAsync(other.Jid);

        Assert.Equal("done\n", fixture.Stdout(other));
        if (!HasCgroups)
            return;
        Assert.True(ended.Exit.OutOfMemory);
        Assert.Equal(9, ended.Exit.Signal);
        Assert.True(ended.Usage.MemoryFailures > 0);
        Assert.InRange(ended.Usage.MemoryMaxBytes, 25 * Megabyte, 31 * Megabyte);
    }

    [Fact]
    public async Task A_job_is_killed_when_one_of_its_children_runs_out_of_memory()
    {
        if (!HasCgroups)
            return;
        var job = WithMemoryLimit("tail /dev/zero; echo survived; sleep 94");

        var ended = await _agent.RunAsync(job);

        Assert.True(ended.Exit.OutOfMemory);
        Assert.Equal(9, ended.Exit.Signal);
    }

    [Fact]
    public async Task A_job_whose_child_ran_out_of_memory_fails_despite_exit_code_0()
    {
        if (!HasCgroups)
            return;
        var ended = await _agent.RunAsync(WithMemoryLimit("tail /dev/zero; exit 0"));

        Assert.True(ended.Exit.OutOfMemory);
    }

    [Fact]
    public async Task A_cgroup_that_ran_out_of_memory_is_not_reused()
    {
        await RunAsync(WithMemoryLimit("exec tail /dev/zero"));

        var next = await _agent.RunAsync(WithMemoryLimit("true"));

        Assert.False(next.Exit.OutOfMemory);
        Assert.Equal(HasCgroups ? 0 : -1, next.Usage.MemoryFailures);
    }

    [Fact]
    public async Task A_job_gets_no_more_cores_than_it_requested()
    {
        if (!HasCgroups || Environment.ProcessorCount < 2)
            return;
        var job = Job($"{Dummy("burn 3")} & {Dummy("burn 3")} & {Dummy("burn 3")} & wait");
        job.Cores = 1;

        var ended = await _agent.RunAsync(job);

        var seconds = (ended.EndedAt - ended.StartedAt) / 1e6;
        var used = (ended.Usage.CpuUserUs + ended.Usage.CpuSystemUs) / 1e6;
        // Its limit binds a little after its start; without one it would use twice the time.
        Assert.InRange(used, 0.1, seconds * 1.3);
    }

    [Fact]
    public async Task The_memory_peak_of_a_very_short_job_is_measured()
    {
        if (!HasCgroups)
            return;
        var small = await _agent.RunAsync(Job("true"));
        var large = await _agent.RunAsync(Job("head -c 40000000 /dev/zero | tail -n 1 | wc -c"));

        Assert.InRange(small.Usage.MemoryMaxBytes, 1, 10 * Megabyte);
        Assert.InRange(large.Usage.MemoryMaxBytes, 30 * Megabyte, 400 * Megabyte);
    }

    [Fact]
    public async Task The_page_cache_of_a_file_is_not_the_memory_of_its_job()
    {
        if (!HasCgroups)
            return;
        var job = Job("head -c 100000000 /dev/zero > f; until [ -e go ]; do sleep 0.01; done");
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);
        await Eventually.HoldsAsync(
            async () => await _agent.UsageAsync(job.Jid) is { MemoryCacheBytes: > 80 * Megabyte },
            "the page cache of the file is counted apart"
        );
        var running = (await _agent.UsageAsync(job.Jid))!;
        await File.WriteAllTextAsync($"{fixture.Paths(job).Directory}/go", "");
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.InRange(running.MemoryBytes, 1, 40 * Megabyte);
        Assert.InRange(ended.Usage.MemoryMaxBytes, 1, 40 * Megabyte);
    }

    [Fact]
    public async Task A_job_without_limits_may_use_more_than_one_core_and_any_memory()
    {
        if (!HasCgroups)
            return;
        var job = Job("head -c 400000000 /dev/zero | tail -n 1 | wc -c");
        (job.Cores, job.MemoryBytes) = (0, 0);

        var ended = await _agent.RunAsync(job);

        Assert.Equal((0, false), (ended.Exit.Code, ended.Exit.OutOfMemory));
        Assert.True(ended.Usage.MemoryMaxBytes > 350 * Megabyte);
    }

    [Fact]
    public async Task The_usage_of_a_job_is_not_added_to_the_next_one_in_its_cgroup()
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
    public async Task A_daemon_without_a_mark_is_counted_and_ends_with_its_job()
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
            "the daemon's CPU time is counted"
        );
        await File.WriteAllTextAsync($"{fixture.Paths(job).Directory}/go", "");
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.True(ended.Usage.CpuUserUs > 200_000);
        Assert.Equal((0, 0), (ended.Exit.Code, ended.Exit.Signal));
    }

    [Fact]
    public async Task Disk_usage_is_measured_even_if_the_directory_is_empty()
    {
        var withFile = await _agent.RunAsync(Job("head -c 300000 /dev/zero > f; sleep 0.2"));
        var empty = await _agent.RunAsync(Job("sleep 0.2"));

        Assert.InRange(withFile.Usage.DiskBytes, 300_000, 400_000);
        Assert.Equal(0, empty.Usage.DiskBytes);
    }

    [Fact]
    public async Task The_own_directory_is_measured_and_not_the_one_that_a_job_runs_in()
    {
        var folder = Directory.CreateTempSubdirectory("disk");
        var job = Job("head -c 300000 /dev/zero > $JOBCLOUD_DIR/f; head -c 900000 /dev/zero > f");
        job.WorkingDirectory = folder.FullName;

        var ended = await _agent.RunAsync(job);

        Assert.InRange(ended.Usage.DiskBytes, 300_000, 400_000);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_job_whose_cgroup_cannot_be_created_does_not_start()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(ExecutorFixture.Greeting);
        if (agent.Inventory.Limits.StartsWith("cgroup v"))
            foreach (var parent in await File.ReadAllLinesAsync(executor.Home.Cgroups))
                Directory.Delete(parent);

        var ended = await agent.RunAsync(Job("true"));

        Assert.Equal(
            HasCgroups
                ? "cannot create the job's cgroup: the node's cgroup was removed; restart the node"
                : "",
            ended.Exit.NotStarted
        );
    }

    private async Task<AttemptEnd> RunAsync(StartProcess job)
    {
        _agent.Start(job);
        // Without a limit the job would use all memory of the machine.
        if (!HasCgroups)
            _agent.Stop(job.Jid);
        return await _agent.EndedAsync(job.Jid);
    }

    private static StartProcess WithMemoryLimit(string command)
    {
        var job = Job(command);
        job.MemoryBytes = 30 * Megabyte;
        return job;
    }
}
