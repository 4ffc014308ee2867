using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class CrashTests
{
    [Fact]
    public async Task The_next_executor_kills_all_processes_of_a_crashed_one()
    {
        await using var first = await ExecutorProcess.StartAsync();
        await using var agent = await first.TalkAsync(Greeting);
        var job = Job("setsid -f sh -c 'echo $$; exec sleep 71'; sleep 71");
        agent.Start(job);
        var started = await agent.StartedAsync(job.Jid);
        var output = first.Home.Attempt(new Jid(job.Jid), 1).Stdout;
        await Eventually.HoldsAsync(
            () => File.ReadAllText(output).EndsWith('\n'),
            "the daemon started"
        );
        var daemon = int.Parse(await File.ReadAllTextAsync(output));
        await first.CrashAsync();

        await using var second = await ExecutorProcess.StartAsync(first.Home);
        await using var newAgent = await second.TalkAsync(Greeting);

        Assert.False(ProcessesOf.IsAlive(started.Pid));
        Assert.False(ProcessesOf.IsAlive(daemon));
        Assert.Empty(newAgent.Inventory.Running);
        Assert.Empty(newAgent.Inventory.Ended);
    }

    [Fact]
    public async Task Ends_are_reported_until_acknowledged_even_after_a_crash()
    {
        await using var first = await ExecutorProcess.StartAsync();
        await using var agent = await first.TalkAsync(Greeting);
        var (accepted, pending) = (Job("exit 3"), Job("exit 4"));
        await agent.RunAsync(accepted);
        await agent.RunAsync(pending);
        agent.Accept(accepted.Jid);
        await agent.RunAsync(Job("true"));
        await first.CrashAsync();
        await File.AppendAllTextAsync(first.Home.AttemptRecord, "\u007ftorn");

        await using var second = await ExecutorProcess.StartAsync(first.Home);
        await using var newAgent = await second.TalkAsync(Greeting);

        var ends = newAgent.Inventory.Ended;
        Assert.Equal([0, 4], ends.Select(e => e.End.Exit.Code).Order());
        Assert.Contains(ends, e => e.Jid == pending.Jid && e.End.EndedAt > 0);
        Assert.Contains("was incomplete", await File.ReadAllTextAsync(second.Home.ExecutorLog));
    }

    [Fact]
    public async Task A_restarted_agent_gets_the_running_jobs_and_pending_ends()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var (running, ended) = (Job("sleep 60"), Job("exit 6"));
        await using (var agent = await executor.TalkAsync(Greeting))
        {
            agent.Start(running);
            await agent.StartedAsync(running.Jid);
            await agent.RunAsync(ended);
        }

        await using var next = await executor.TalkAsync(Greeting);

        Assert.Equal(running.Jid, Assert.Single(next.Inventory.Running).Jid);
        Assert.Equal(6, Assert.Single(next.Inventory.Ended).End.Exit.Code);
        Assert.Equal(executor.Pid, next.Inventory.ExecutorPid);
        next.Stop(running.Jid);
        Assert.Equal(15, (await next.EndedAsync(running.Jid)).Exit.Signal);
    }

    [Fact]
    public async Task A_newer_agent_replaces_an_older_one_but_not_vice_versa()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var old = await executor.TalkAsync(new Hello { Session = 1 });
        await using var young = await executor.TalkAsync(new Hello { Session = 2 });
        await old.Closed.WaitAsync(TimeSpan.FromSeconds(20));

        await Assert.ThrowsAnyAsync<Exception>(() =>
            executor.TalkAsync(new Hello { Session = 1 }).WaitAsync(TimeSpan.FromSeconds(1))
        );

        Assert.Equal(0, (await young.RunAsync(Job("true"))).Exit.Code);
    }

    [Fact]
    public async Task An_expired_lease_kills_the_jobs_and_is_reported()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(
            new Hello { Session = 1, FenceAfterMs = 1_500 }
        );
        var job = Job("trap '' TERM; sleep 60; :");
        agent.Start(job);
        await agent.StartedAsync(job.Jid);

        var fenced = await agent.WaitForAsync(m => m.Fenced is not null, "a fence");
        var ended = await agent.EndedAsync(job.Jid);

        Assert.Equal(1, fenced.Fenced.Killed);
        Assert.Equal(9, ended.Exit.Signal);
    }

    [Fact]
    public async Task No_job_starts_after_the_lease_expired()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(
            new Hello { Session = 1, FenceAfterMs = 1 }
        );
        await agent.WaitForAsync(m => m.Fenced is not null, "a fence");

        var job = Job("sleep 60");
        var refused = await agent.RunAsync(job);
        agent.Send(new ToExecutor { Hello = new() { Session = 1 } });
        var accepted = await agent.RunAsync(Job("true"));

        Assert.True(refused.Exit.Fenced);
        Assert.Equal(0, agent.Count(m => m.Started?.Jid == job.Jid));
        Assert.Equal("", accepted.Exit.NotStarted);
    }

    [Fact]
    public async Task A_fence_without_an_agent_is_reported_to_the_next_agent()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var job = Job("sleep 60");
        await using (
            var agent = await executor.TalkAsync(new Hello { Session = 1, FenceAfterMs = 1_500 })
        )
        {
            agent.Start(job);
            await agent.StartedAsync(job.Jid);
        }
        await Eventually.HoldsAsync(
            () =>
                File.ReadAllText(executor.Home.ExecutorLog).Contains("the executor lease expired"),
            "the fence"
        );

        await using var next = await executor.TalkAsync(Greeting);

        Assert.Equal(
            1,
            (await next.WaitForAsync(m => m.Fenced is not null, "the fence")).Fenced.Killed
        );
    }

    [Fact]
    public async Task An_agent_that_renews_its_lease_keeps_its_jobs()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(
            new Hello { Session = 1, FenceAfterMs = 1_000 }
        );
        var job = Job("sleep 1.5");
        agent.Start(job);

        await Eventually.HoldsAsync(
            () =>
            {
                agent.Send(new ToExecutor { Renew = new() });
                return agent.Count(m => m.Ended is not null) > 0;
            },
            "the job ended"
        );

        Assert.Equal(0, (await agent.EndedAsync(job.Jid)).Exit.Code);
    }
}
