using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class StuckProcessesTests
{
    [FreezerFact]
    public async Task A_process_that_outlives_SIGKILL_is_named()
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(Greeting);
        var job = Job("exec sleep 1000");
        agent.Start(job);
        var pid = (await agent.StartedAsync(job.Jid)).Pid;
        await Eventually.HoldsAsync(
            () => File.ReadAllText($"/proc/{pid}/comm") == "sleep\n",
            "the command runs"
        );
        await using var frozen = await FrozenProcess.FreezeAsync(pid);

        agent.Stop(job.Jid, graceMs: 1);

        var told = await agent.WaitForAsync(m => m.Stuck?.Jid == job.Jid, "what is stuck");
        Assert.Contains($"process {pid} (sleep", told.Stuck.Why);
        frozen.Thaw();
        Assert.True((await agent.EndedAsync(job.Jid)).Exit.Signal > 0);
        Assert.Contains("cannot be killed", await File.ReadAllTextAsync(executor.Home.ExecutorLog));
    }
}
