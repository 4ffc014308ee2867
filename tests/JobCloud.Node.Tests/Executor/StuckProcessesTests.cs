using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>A frozen process stands in for one that waits for a broken disk: SIGKILL does not end
/// it.</summary>
public sealed class StuckProcessesTests : IDisposable
{
    private readonly string _frozen = $"/sys/fs/cgroup/freezer/jobcloud-test-{Guid.NewGuid():N}";

    public void Dispose()
    {
        if (!Directory.Exists(_frozen))
            return;
        Set("THAWED");
        Eventually
            .HoldsAsync(
                () => File.ReadAllText($"{_frozen}/cgroup.procs").Length == 0,
                "the processes have ended"
            )
            .Wait();
        Directory.Delete(_frozen);
    }

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
        Directory.CreateDirectory(_frozen);
        await File.WriteAllTextAsync($"{_frozen}/cgroup.procs", $"{pid}");
        Set("FROZEN");

        agent.Stop(job.Jid, graceMs: 1);

        var told = await agent.WaitForAsync(m => m.Stuck?.Jid == job.Jid, "what is stuck");
        Assert.Contains($"process {pid} (sleep", told.Stuck.Why);
        Set("THAWED");
        Assert.True((await agent.EndedAsync(job.Jid)).Exit.Signal > 0);
        Assert.Contains("cannot be killed", await File.ReadAllTextAsync(executor.Home.ExecutorLog));
    }

    private void Set(string state) => File.WriteAllText($"{_frozen}/freezer.state", state);

    private sealed class FreezerFactAttribute : FactAttribute
    {
        public FreezerFactAttribute()
        {
            if (!Environment.IsPrivilegedProcess || !Directory.Exists("/sys/fs/cgroup/freezer"))
                Skip = "Only root can freeze processes, with cgroups of version 1.";
        }
    }
}
