namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>Shell jobs, which exist for their terminals.</summary>
public sealed class ShellJobTests(ExecutorFixture fixture)
    : TerminalStories(fixture),
        IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task A_shell_job_is_done_when_its_last_terminal_closes()
    {
        var job = await ShellJobAsync(idleMs: 60_000);
        await using var first = await ShellAsync(job);
        await using var second = await CommandAsync(job, "echo here; read x; exit 5");
        await second.WaitForTextAsync("here");
        first.Type("exit 1\n");
        Assert.Equal(1, (await first.ClosedAsync()).ExitCode);
        Assert.Equal(0, Agent.Count(m => m.Ended?.Jid == job.Jid));

        second.Type("\n");

        Assert.Equal(5, (await second.ClosedAsync()).ExitCode);
        var ended = await Agent.EndedAsync(job.Jid);
        Assert.Equal((0, 0, ""), (ended.Exit.Code, ended.Exit.Signal, ended.Exit.NotStarted));
        Assert.Equal(
            "The last terminal closed: the shell job ends.\n",
            await File.ReadAllTextAsync(Fixture.Paths(job).Stderr)
        );
    }

    [Fact]
    public async Task A_disconnected_client_ends_a_shell_job()
    {
        var job = await ShellJobAsync();
        var shell = await ShellAsync(job);
        await shell.OpenedAsync();

        await shell.DisposeAsync();

        Assert.Equal(0, (await Agent.EndedAsync(job.Jid)).Exit.Code);
    }

    [Fact]
    public async Task A_shell_job_that_is_kept_alive_runs_until_it_is_killed()
    {
        var job = await ShellJobAsync(keepAlive: true);
        await using var first = await CommandAsync(job, "true");
        await first.ClosedAsync();
        await first.DisconnectedAsync();

        await using var second = await CommandAsync(job, "true");
        await second.ClosedAsync();
        Agent.Stop(job.Jid);

        Assert.Equal(15, (await Agent.EndedAsync(job.Jid)).Exit.Signal);
    }

    [Fact]
    public async Task A_shell_job_without_terminals_is_done_and_reports_it()
    {
        var job = await ShellJobAsync(idleMs: 50);

        Assert.Equal(0, (await Agent.EndedAsync(job.Jid)).Exit.Code);
        Assert.StartsWith(
            "No terminal opened for",
            await File.ReadAllTextAsync(Fixture.Paths(job).Stderr)
        );
    }

    [Fact]
    public async Task A_shell_job_without_an_idle_limit_waits_for_its_first_terminal()
    {
        var job = await ShellJobAsync();
        await using var first = await CommandAsync(job, "echo \"$0 $PWD\"");
        await first.ClosedAsync();

        Assert.Contains(Fixture.Paths(job).Directory, first.Text);
        Assert.Equal(0, (await Agent.EndedAsync(job.Jid)).Exit.Code);
    }
}
