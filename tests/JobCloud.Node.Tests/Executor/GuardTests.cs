using System.Diagnostics;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class GuardTests
{
    [Fact]
    public async Task Jobs_end_with_an_executor_that_is_never_started_again()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("trap '' TERM; setsid -f sh -c 'echo $$; exec sleep 72'; sleep 72; :");
        agent.Start(job);
        var started = await agent.StartedAsync(job.Jid);
        var output = executor.Home.Attempt(job.Jid, 1).Stdout;
        await Eventually.HoldsAsync(() => File.ReadAllText(output).EndsWith('\n'), "its daemon");
        var daemon = int.Parse(await File.ReadAllTextAsync(output));

        await executor.CrashAsync();

        await Eventually.HoldsAsync(
            () => !ProcessesOf.IsAlive(started.Pid) && !ProcessesOf.IsAlive(daemon),
            "all of the job is dead"
        );
    }

    [Fact]
    public async Task A_guard_that_ends_is_started_again()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var first = await GuardAsync(executor);
        // One that lives for no longer than a second only ends again.
        var age = Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => age.ElapsedMilliseconds > 1_500, "it has lived for long");

        Process.GetProcessById(first).Kill();
        await Eventually.HoldsAsync(
            () => ProcessesOf.Guards(executor.Pid) is [var next] && next != first,
            "another guard"
        );
    }

    [Fact]
    public async Task A_guard_ends_with_its_executor()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        var guard = await GuardAsync(executor);

        Assert.Equal(0, await executor.EndAsync());

        await Eventually.HoldsAsync(() => !ProcessesOf.IsAlive(guard), "the guard has ended");
        Assert.DoesNotContain("guard", await File.ReadAllTextAsync(executor.Home.ExecutorLog));
    }

    private static async Task<int> GuardAsync(ExecutorProcess executor)
    {
        IReadOnlyList<int> guards = [];
        await Eventually.HoldsAsync(
            () => (guards = ProcessesOf.Guards(executor.Pid)).Count == 1,
            "it has a guard"
        );
        return guards[0];
    }
}
