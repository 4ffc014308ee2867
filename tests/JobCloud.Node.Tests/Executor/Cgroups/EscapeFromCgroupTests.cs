using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Cgroups;

/// <summary>Jobs of the executor's own account, which may write the files of cgroups. Where jobs
/// have no cgroups, there is nothing to leave.</summary>
public sealed class EscapeFromCgroupTests(ExecutorFixture fixture) : IClassFixture<ExecutorFixture>
{
    /// <summary>Moves the shell to the topmost cgroup of each hierarchy that it has joined, and
    /// checks that it has left.</summary>
    private const string Leave =
        "leave() { for f in $(grep -o ' /sys/fs/cgroup[^ ]*' /proc/self/mountinfo); do "
        + "echo $$ > $f/cgroup.procs; done 2>/dev/null; }; "
        + "inside() { grep -Eq '(memory|:):.*/jobcloud-' /proc/$$/cgroup; }; ";

    private readonly ExecutorClient _agent = fixture.Agent;

    private bool HasCgroups => _agent.Inventory.Limits.StartsWith("cgroup v");

    [Fact]
    public async Task A_process_that_leaves_its_cgroup_is_moved_back()
    {
        if (!HasCgroups)
            return;
        var job = Job(
            Leave + "leave; inside && echo no; until inside; do sleep 0.05; done; echo back"
        );

        var ended = await _agent.RunAsync(job);

        Assert.Equal("back\n", fixture.Stdout(job));
        Assert.False(ended.Exit.LeftCgroup);
        Assert.Contains(
            "left the job's cgroup",
            File.ReadAllText(fixture.Executor.Home.ExecutorLog)
        );
    }

    [Fact]
    public async Task A_job_that_keeps_leaving_its_cgroup_is_killed()
    {
        if (!HasCgroups)
            return;
        var job = Job(Leave + "while :; do leave; sleep 0.05; done");

        var ended = await _agent.RunAsync(job);

        Assert.True(ended.Exit.LeftCgroup);
        Assert.Empty(ProcessesOf.Job(fixture.Executor.Home.Home, job.Jid));
    }

    /// <param name="isSeen">Whether the executor learns of the process while the job
    /// runs.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_process_outside_the_cgroup_does_not_outlive_its_job(bool isSeen)
    {
        if (!HasCgroups)
            return;
        var go = Path.GetTempFileName();
        var job = Job(
            "cat > daemon <<'END'\n"
                + Leave
                + "leave; echo $$ > pid; exec sleep 63\nEND\n"
                + "env -i setsid -f /bin/bash daemon; until [ -s pid ]; do sleep 0.05; done; cat pid"
                + $"; until [ -s {go} ]; do sleep 0.01; done"
        );

        _agent.Start(job);
        await fixture.WaitForOutputAsync(job);
        if (isSeen)
            await _agent.UsageAsync(job.Jid);
        await File.WriteAllTextAsync(go, "go");
        await _agent.EndedAsync(job.Jid);
        File.Delete(go);

        await Eventually.HoldsAsync(
            () => !ProcessesOf.IsAlive(int.Parse(fixture.Stdout(job))),
            "the daemon is dead"
        );
    }
}
