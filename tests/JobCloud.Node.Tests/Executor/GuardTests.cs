using System.Diagnostics;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class GuardTests
{
    [Fact]
    public async Task The_guard_kills_the_jobs_of_an_executor_that_is_not_restarted()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("trap '' TERM; setsid -f sh -c 'echo $$; exec sleep 72'; sleep 72; :");
        agent.Start(job);
        var started = await agent.StartedAsync(job.Jid);
        var output = executor.Home.Attempt(new Jid(job.Jid), 1).Stdout;
        await Eventually.HoldsAsync(
            () => File.ReadAllText(output).EndsWith('\n'),
            "the daemon started"
        );
        var daemon = int.Parse(await File.ReadAllTextAsync(output));

        var guard = await GuardAsync(executor);

        await executor.CrashAsync();

        await Eventually.HoldsAsync(
            () => !ProcessesOf.IsAlive(started.Pid) && !ProcessesOf.IsAlive(daemon),
            "all processes of the job are dead"
        );
        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(guard), "the guard exited");
    }

    [Fact]
    public async Task A_guard_that_exits_is_restarted()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var first = await GuardAsync(executor);

        Process.GetProcessById(first).Kill();
        await Eventually.HoldsAsync(
            () => ProcessesOf.Guards(executor.Pid) is [var next] && next != first,
            "a new guard is running"
        );
    }

    [Fact]
    public async Task The_guard_exits_when_its_executor_stops()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var guard = await GuardAsync(executor);

        Assert.Equal(0, await executor.EndAsync());

        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(guard), "the guard exited");
        Assert.DoesNotContain("guard", await File.ReadAllTextAsync(executor.Home.ExecutorLog));
    }

    private static async Task<int> GuardAsync(ExecutorProcess executor)
    {
        IReadOnlyList<int> guards = [];
        await Eventually.HoldsAsync(
            () => (guards = ProcessesOf.Guards(executor.Pid)).Count == 1,
            "a guard is running"
        );
        return guards[0];
    }
}
