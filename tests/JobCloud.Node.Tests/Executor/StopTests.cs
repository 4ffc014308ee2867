using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor;

public sealed class StopTests(ExecutorFixture fixture)
    : StopStories(fixture),
        IClassFixture<ExecutorFixture>;

public sealed class StopWithoutCgroupsTests(WithoutCgroupsFixture fixture)
    : StopStories(fixture),
        IClassFixture<WithoutCgroupsFixture>;

/// <summary>The stopping of jobs, with and without cgroups.</summary>
public abstract class StopStories(ExecutorFixture fixture)
{
    private readonly ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task A_stopped_job_gets_SIGTERM_and_can_clean_up()
    {
        var job = Job("trap 'echo cleaned; exit 5' TERM; echo ready; while :; do sleep 0.01; done");
        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);

        _agent.Stop(job.Jid, graceMs: 10_000);
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(5, ended.Exit.Code);
        Assert.Equal("ready\ncleaned\n", fixture.Stdout(job));
        Assert.False(ended.Exit.OverMaxRuntime);
    }

    [Fact]
    public async Task A_job_that_ignores_SIGTERM_is_killed_after_its_grace()
    {
        var job = Job(Dummy("ignore-term 60"));
        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);
        var stoppedAt = DateTime.UtcNow;

        _agent.Stop(job.Jid, graceMs: 200);
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(9, ended.Exit.Signal);
        Assert.True(DateTime.UtcNow - stoppedAt >= TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_suspended_job_is_stopped()
    {
        var job = Job("echo ready; kill -STOP $$");
        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);

        _agent.Stop(job.Jid, graceMs: 20_000);

        Assert.Equal(15, (await _agent.EndedAsync(job.Jid)).Exit.Signal);
    }

    [Fact]
    public async Task A_job_over_its_max_runtime_is_stopped_with_that_reason()
    {
        var job = Job("sleep 60");
        job.MaxRuntimeMs = 100;

        var ended = await _agent.RunAsync(job);

        Assert.True(ended.Exit.OverMaxRuntime);
        Assert.Equal(15, ended.Exit.Signal);
    }

    [Fact]
    public async Task A_job_within_its_max_runtime_is_not_reported_as_over_it()
    {
        var job = Job("true");
        job.MaxRuntimeMs = 60_000;

        Assert.False((await _agent.RunAsync(job)).Exit.OverMaxRuntime);
    }

    [Theory]
    [InlineData("sleep 61 & echo $!", "in its group")]
    [InlineData("setsid -f sh -c 'echo $$; exec sleep 62'; sleep 0.05", "in its own session")]
    public async Task Remaining_processes_end_with_their_job(string command, string where)
    {
        var job = Job(command);

        var ended = await _agent.RunAsync(job);

        var left = int.Parse(fixture.Stdout(job));
        Assert.False(ProcessesOf.IsAlive(left), $"a process {where} survived its job");
        Assert.Equal((0, 0), (ended.Exit.Code, ended.Exit.Signal));
    }

    [Fact]
    public async Task A_daemon_that_forked_twice_ends_with_its_job()
    {
        var job = Job($"{Dummy("fork-away 63")}; until [ -e go ]; do sleep 0.01; done");
        _agent.Start(job);
        await Eventually.HoldsAsync(() => ProcessesWith("63").Count == 1, "the daemon started");

        await File.WriteAllTextAsync($"{fixture.Paths(job).Directory}/go", "");
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(0, ended.Exit.Code);
        Assert.Empty(ProcessesWith("63"));
    }

    [Fact]
    public async Task A_daemon_that_shows_its_mark_late_ends_with_its_job()
    {
        var seconds = $"6969.{Random.Shared.Next(1_000_000)}";
        var setMark = $"exec env \"$0\" sh -c 'echo $$; exec sleep {seconds}'";
        var job = Job(
            $"env -i setsid -f sh -c '{setMark.Replace("'", "'\\''")}' JOBCLOUD_MARK=$JOBCLOUD_MARK"
        );

        await _agent.RunAsync(job);

        await Eventually.HoldsAsync(
            () => ProcessesWith(seconds).Count == 0,
            "the daemon was killed"
        );
    }

    [Fact]
    public async Task The_end_is_reported_only_after_a_daemon_that_ignores_SIGTERM_is_killed()
    {
        var job = Job("setsid -f sh -c 'trap \"\" TERM; echo $$; exec sleep 64'; sleep 0.1");

        var ended = await _agent.RunAsync(job);

        Assert.False(ProcessesOf.IsAlive(int.Parse(fixture.Stdout(job))));
        Assert.True(ended.EndedAt - ended.StartedAt >= 300_000);
    }

    [Fact]
    public async Task Stopping_reaches_all_processes_of_a_job()
    {
        var job = Job(
            "(sh -c 'sleep 65; :' & wait) & setsid sleep 65 & "
                + "setsid -f setsid -f sleep 65; echo ready; wait"
        );
        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);
        await Eventually.HoldsAsync(
            () => ProcessesWith("65").Count == 3,
            "all three processes started"
        );

        _agent.Stop(job.Jid);
        await _agent.EndedAsync(job.Jid);

        Assert.Empty(ProcessesWith("65"));
    }

    [Fact]
    public async Task Stopping_leaves_processes_of_other_jobs_alone()
    {
        var kept = Job("setsid -f sleep 66; sleep 0.7; pgrep -c -f 'sleep 66'");
        var stopped = Job("sleep 60");
        _agent.Start(kept);
        _agent.Start(stopped);
        await _agent.StartedAsync(stopped.Jid);

        _agent.Stop(stopped.Jid);
        await _agent.EndedAsync(stopped.Jid);
        await _agent.EndedAsync(kept.Jid);

        Assert.NotEqual("0\n", fixture.Stdout(kept));
    }

    [Fact]
    public async Task Stopping_an_unknown_or_ended_job_changes_nothing()
    {
        var job = Job("true");
        await _agent.RunAsync(job);

        _agent.Stop(job.Jid);
        _agent.Stop(1_000_000);

        Assert.Equal(0, (await _agent.RunAsync(Job("true"))).Exit.Code);
        Assert.Equal(1, _agent.Count(m => m.Ended?.Jid == job.Jid));
    }

    /// <summary>The program names of all live processes of this executor's jobs with this last
    /// argument.</summary>
    private List<string> ProcessesWith(string argument)
    {
        var names = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                var arguments = File.ReadAllText($"{folder}/cmdline").Split('\0');
                if (
                    arguments.Length > 1
                    && arguments[^2] == argument
                    && arguments[0].EndsWith("sleep")
                    && File.ReadAllText($"{folder}/environ").Contains(fixture.Executor.Home.Home)
                )
                    names.Add("sleep");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The entry is not a process, or the process has just exited.
            }
        }
        return names;
    }
}
