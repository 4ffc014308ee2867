using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>Processes of jobs that leave session, environment and parent behind, where there are no
/// cgroups.</summary>
public sealed class EscapeTests(WithoutCgroupsFixture fixture)
    : IClassFixture<WithoutCgroupsFixture>
{
    /// <summary>Two forks, two sessions and an empty environment.</summary>
    private const string Escape =
        "env -i /usr/bin/setsid -f /usr/bin/setsid -f /bin/sh -c 'echo $$; exec sleep 64'; ";

    private readonly ExecutorClient _agent = fixture.Agent;

    [Fact]
    public async Task A_process_without_a_trace_dies_with_its_job_and_none_of_another_job_does()
    {
        var (first, second) = (Job(Escape + "sleep 61"), Job(Escape + "sleep 62"));
        var firstDaemon = await StartAsync(first);
        var secondDaemon = await StartAsync(second);

        _agent.Stop(first.Jid);
        await _agent.EndedAsync(first.Jid);
        Assert.True(ProcessesOf.IsAlive(secondDaemon));
        _agent.Stop(second.Jid);
        await _agent.EndedAsync(second.Jid);

        await Eventually.HoldsAsync(
            () => !ProcessesOf.IsAlive(firstDaemon) && !ProcessesOf.IsAlive(secondDaemon),
            "both daemons are dead"
        );
    }

    private async Task<int> StartAsync(StartProcess job)
    {
        _agent.Start(job);
        await _agent.StartedAsync(job.Jid);
        await Eventually.HoldsAsync(
            () => File.Exists(fixture.Paths(job).Stdout) && fixture.Stdout(job).EndsWith('\n'),
            "the daemon runs"
        );
        return int.Parse(fixture.Stdout(job));
    }
}
