using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorProcess;

namespace JobCloud.Node.Tests.Executor;

public sealed class StartAndEndTests : IAsyncLifetime
{
    private ExecutorProcess _executor = null!;
    private ExecutorConversation _agent = null!;

    public async Task InitializeAsync()
    {
        _executor = await StartAsync();
        _agent = await _executor.TalkAsync(
            new Hello
            {
                Session = 1,
                GraceMs = 300,
                Inherit = { "PATH", "INHERITED" },
            }
        );
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _executor.DisposeAsync();
    }

    private static StartProcess Job(string command, long jid = 1) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Command = command,
        };

    private string Stdout(long jid = 1) => File.ReadAllText(_executor.Home.Attempt(jid, 1).Stdout);

    [Fact]
    public async Task A_job_is_told_to_have_started_and_then_to_have_ended()
    {
        _agent.Start(Job("sleep 0.05"));

        var started = await _agent.StartedAsync(1);
        var ended = await _agent.EndedAsync(1);

        Assert.Equal(started.Pid, ended.Pid);
        Assert.Equal(0, ended.Exit.Code);
        Assert.True(ended.EndedAt - ended.StartedAt >= 50_000);
    }
}
