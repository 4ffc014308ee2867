using JobCloud.Protocol.Terminals;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Terminals;

public sealed class EndTests(ExecutorFixture fixture)
    : EndStories(fixture),
        IClassFixture<ExecutorFixture>;

public sealed class EndWithoutCgroupsTests(WithoutCgroupsFixture fixture)
    : EndStories(fixture),
        IClassFixture<WithoutCgroupsFixture>;

/// <summary>The ends of terminals, their clients and their jobs.</summary>
public abstract class EndStories(ExecutorFixture fixture) : TerminalStories(fixture)
{
    private string Home => Fixture.Executor.Home.Home;

    [Fact]
    public async Task A_killed_job_closes_its_terminals_with_the_reason()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        await using var command = await CommandAsync(job, "echo ready; sleep 997");
        await command.WaitForTextAsync("ready");
        await shell.OpenedAsync();

        Agent.Stop(job.Jid);

        foreach (var client in (TerminalClient[])[shell, command])
        {
            var closed = await client.ClosedAsync();
            Assert.Equal(
                (ClosedBy.JobEnd, $"job {job.Jid} ended: killed"),
                (closed.By, closed.Why)
            );
        }
        await Agent.EndedAsync(job.Jid);
        Assert.Empty(ProcessesOf.Job(Home, job.Jid));
    }

    [Theory]
    [InlineData("true", "done")]
    [InlineData("exit 4", "exit 4")]
    [InlineData("kill -SEGV $$", "signal 11 (segmentation fault)")]
    public async Task Terminals_do_not_delay_the_end_of_their_job(string last, string reason)
    {
        var job = await RunningAsync($"until [ -e go ]; do sleep 0.01; done; {last}");
        await using var shell = await ShellAsync(job);
        shell.Type("trap '' TERM; echo r-$((1+1)); sleep 996\n");
        await shell.WaitForTextAsync("r-2");
        await using var go = await CommandAsync(job, "touch go");

        var closed = await shell.ClosedAsync();

        Assert.Equal((ClosedBy.JobEnd, $"job {job.Jid} ended: {reason}"), (closed.By, closed.Why));
        await Agent.EndedAsync(job.Jid);
        Assert.Empty(ProcessesOf.Job(Home, job.Jid));
    }

    [Fact]
    public async Task A_job_over_its_max_runtime_closes_its_terminals_with_that_reason()
    {
        // On a busy machine, a short job may end before its terminal is open.
        for (var limit = 1_000; ; limit *= 3)
        {
            var job = await RunningAsync(with: job => job.MaxRuntimeMs = limit);
            await using var shell = await ShellAsync(job);
            if (!await shell.IsOpenedAsync() && limit < 60_000)
                continue;
            Assert.Equal(
                $"job {job.Jid} ended: max runtime exceeded",
                (await shell.ClosedAsync()).Why
            );
            return;
        }
    }

    [Fact]
    public async Task A_disconnected_client_leaves_no_terminal_processes()
    {
        var job = await RunningAsync();
        var shell = await ShellAsync(job);
        shell.Type("nohup sleep 995 & sleep 994 | cat\n");
        var command = await CommandAsync(job, "trap '' HUP TERM; sleep 993");
        _ = await RunsAsync(job, "sleep 995");
        _ = await RunsAsync(job, "sleep 994");
        _ = await RunsAsync(job, "sleep 993");

        await shell.DisposeAsync();
        await command.DisposeAsync();

        await OnlyFirstProcessLeftAsync(job);
        Agent.Stop(job.Jid);
        Assert.Equal(15, (await Agent.EndedAsync(job.Jid)).Exit.Signal);
    }

    [Fact]
    public async Task A_daemon_started_in_a_terminal_ends_with_the_job()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, ExecutorProcess.Dummy("fork-away 992"));
        await command.ClosedAsync();
        _ = await RunsAsync(job, "/bin/sleep 992");

        Agent.Stop(job.Jid);
        await Agent.EndedAsync(job.Jid);

        Assert.Empty(ProcessesOf.Job(Home, job.Jid));
    }

    [Fact]
    public async Task The_usage_of_terminals_is_added_to_their_job()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, ExecutorProcess.Dummy("burn 0.3"));
        await command.ClosedAsync();

        Agent.Stop(job.Jid);
        var usage = (await Agent.EndedAsync(job.Jid)).Usage;

        Assert.InRange(usage.CpuUserUs + usage.CpuSystemUs, 30_000, 20_000_000);
    }
}
