using JobCloud.Protocol.Execution;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

public sealed class ProcessLimitTests
{
    private const int Limit = 60;

    [Theory]
    [InlineData(CgroupUse.Auto)]
    [InlineData(CgroupUse.Off)]
    public async Task A_fork_bomb_is_ended_at_the_limit_of_processes(CgroupUse cgroups)
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(HelloWith(cgroups));
        var bomb = Job("while :; do sleep 60 & done 2>/dev/null");
        agent.Start(bomb);

        var ended = await agent.EndedAsync(bomb.Jid);

        Assert.Equal(Limit, ended.Exit.ProcessLimit);
        Assert.Empty(ProcessesOf.Job(executor.Home.Home, bomb.Jid));
        Assert.Equal("", (await agent.RunAsync(Job("true"))).Exit.NotStarted);
    }

    [Theory]
    [InlineData(CgroupUse.Auto)]
    [InlineData(CgroupUse.Off)]
    public async Task A_job_below_the_limit_of_processes_is_not_ended(CgroupUse cgroups)
    {
        await using var executor = await ExecutorProcess.StartAsync();
        await using var agent = await executor.TalkAsync(HelloWith(cgroups));

        var ended = await agent.RunAsync(Job("for i in $(seq 40); do sleep 0.5 & done; wait"));

        Assert.Equal((0, 0), (ended.Exit.ProcessLimit, ended.Exit.Code));
    }

    private static Hello HelloWith(CgroupUse cgroups)
    {
        var hello = Greeting;
        hello.Limits = new() { Cgroups = cgroups, PidsMax = Limit };
        return hello;
    }
}
