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

/// <summary>How jobs are stopped, whichever way their processes are found.</summary>
public abstract class StopStories(ExecutorFixture fixture)
{
    private readonly ExecutorConversation _agent = fixture.Agent;

    [Fact]
    public async Task A_stopped_job_gets_a_term_signal_and_may_clean_up()
    {
        var job = Job("trap 'echo cleaned; exit 5' TERM; echo ready; while :; do sleep 0.01; done");
        _agent.Start(job);
        await fixture.WroteAsync(job);

        _agent.Stop(job.Jid, graceMs: 10_000);
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(5, ended.Exit.Code);
        Assert.Equal("ready\ncleaned\n", fixture.Stdout(job));
        Assert.False(ended.Exit.OverMaxRuntime);
    }

    [Fact]
    public async Task A_job_that_ignores_the_term_signal_is_killed_after_its_grace()
    {
        var job = Job(Dummy("ignore-term 60"));
        _agent.Start(job);
        await fixture.WroteAsync(job);
        var asked = DateTime.UtcNow;

        _agent.Stop(job.Jid, graceMs: 200);
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(9, ended.Exit.Signal);
        Assert.True(DateTime.UtcNow - asked >= TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task A_suspended_job_is_stopped_too()
    {
        var job = Job("echo ready; kill -STOP $$");
        _agent.Start(job);
        await fixture.WroteAsync(job);

        _agent.Stop(job.Jid, graceMs: 20_000);

        Assert.Equal(15, (await _agent.EndedAsync(job.Jid)).Exit.Signal);
    }

    [Fact]
    public async Task A_job_over_its_max_runtime_is_stopped_and_says_so()
    {
        var job = Job("sleep 60");
        job.MaxRuntimeMs = 100;

        var ended = await _agent.RunAsync(job);

        Assert.True(ended.Exit.OverMaxRuntime);
        Assert.Equal(15, ended.Exit.Signal);
    }

    [Fact]
    public async Task A_job_that_ended_in_time_is_not_over_its_max_runtime()
    {
        var job = Job("true");
        job.MaxRuntimeMs = 60_000;

        Assert.False((await _agent.RunAsync(job)).Exit.OverMaxRuntime);
    }

    [Theory]
    [InlineData("sleep 61 & echo $!", "in its group")]
    [InlineData("setsid -f sh -c 'echo $$; exec sleep 62'; sleep 0.05", "in a session of its own")]
    public async Task What_outlives_a_job_ends_with_it(string command, string where)
    {
        var job = Job(command);

        var ended = await _agent.RunAsync(job);

        var left = int.Parse(fixture.Stdout(job));
        Assert.False(ProcessesOf.IsAlive(left), $"a process {where} outlived its job");
        Assert.Equal((0, 0), (ended.Exit.Code, ended.Exit.Signal));
    }

    [Fact]
    public async Task A_daemon_that_forked_twice_ends_with_its_job()
    {
        var job = Job($"{Dummy("fork-away 63")}; until [ -e go ]; do sleep 0.01; done");
        _agent.Start(job);
        await Eventually.HoldsAsync(() => ProcessesWith("63").Count == 1, "the daemon");

        await File.WriteAllTextAsync($"{fixture.Paths(job).Directory}/go", "");
        var ended = await _agent.EndedAsync(job.Jid);

        Assert.Equal(0, ended.Exit.Code);
        Assert.Empty(ProcessesWith("63"));
    }

    [Fact]
    public async Task A_daemon_that_shows_its_job_only_later_ends_with_it()
    {
        var nap = $"6969.{Random.Shared.Next(1_000_000)}";
        var shows = $"exec env \"$0\" sh -c 'echo $$; exec sleep {nap}'";
        var job = Job(
            $"env -i setsid -f sh -c '{shows.Replace("'", "'\\''")}' JOBCLOUD_MARK=$JOBCLOUD_MARK"
        );

        await _agent.RunAsync(job);

        await Eventually.HoldsAsync(() => ProcessesWith(nap).Count == 0, "its end");
    }

    [Fact]
    public async Task A_daemon_that_ignores_the_term_signal_is_killed_and_only_then_the_end_is_told()
    {
        var job = Job("setsid -f sh -c 'trap \"\" TERM; echo $$; exec sleep 64'; sleep 0.1");

        var ended = await _agent.RunAsync(job);

        Assert.False(ProcessesOf.IsAlive(int.Parse(fixture.Stdout(job))));
        Assert.True(ended.EndedAt - ended.StartedAt >= 300_000);
    }

    [Fact]
    public async Task Stopping_reaches_all_that_a_job_started()
    {
        var job = Job(
            "(sh -c 'sleep 65; :' & wait) & setsid sleep 65 & "
                + "setsid -f setsid -f sleep 65; echo ready; wait"
        );
        _agent.Start(job);
        await fixture.WroteAsync(job);
        await Eventually.HoldsAsync(() => ProcessesWith("65").Count == 3, "all three sleep");

        _agent.Stop(job.Jid);
        await _agent.EndedAsync(job.Jid);

        Assert.Empty(ProcessesWith("65"));
    }

    [Fact]
    public async Task The_processes_of_other_jobs_are_left_alone()
    {
        var stays = Job("setsid -f sleep 66; sleep 0.7; pgrep -c -f 'sleep 66'");
        var goes = Job("sleep 60");
        _agent.Start(stays);
        _agent.Start(goes);
        await _agent.StartedAsync(goes.Jid);

        _agent.Stop(goes.Jid);
        await _agent.EndedAsync(goes.Jid);
        await _agent.EndedAsync(stays.Jid);

        Assert.NotEqual("0\n", fixture.Stdout(stays));
    }

    [Fact]
    public async Task Stopping_what_is_not_known_or_has_ended_changes_nothing()
    {
        var job = Job("true");
        await _agent.RunAsync(job);

        _agent.Stop(job.Jid);
        _agent.Stop(1_000_000);

        Assert.Equal(0, (await _agent.RunAsync(Job("true"))).Exit.Code);
        Assert.Equal(1, _agent.Count(m => m.Ended?.Jid == job.Jid));
    }

    /// <summary>The names of all living programs of this executor's jobs whose last argument is
    /// this.</summary>
    private List<string> ProcessesWith(string argument)
    {
        var names = new List<string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                var words = File.ReadAllText($"{folder}/cmdline").Split('\0');
                if (
                    words.Length > 1
                    && words[^2] == argument
                    && words[0].EndsWith("sleep")
                    && File.ReadAllText($"{folder}/environ").Contains(fixture.Executor.Home.Home)
                )
                    names.Add("sleep");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Not a process, or one that has just ended.
            }
        }
        return names;
    }
}
