using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Testing;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>Refused terminals and invalid connections.</summary>
public sealed class RefusalTests(ExecutorFixture fixture)
    : TerminalStories(fixture),
        IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task A_terminal_in_a_job_that_is_not_running_is_refused()
    {
        var job = Job("true");
        await using var before = await CommandAsync(job, "true");
        var refusal = await before.RefusedAsync();
        Assert.Equal(
            (RefusalCode.NotFound, $"Job {job.Jid} is not processing on this node.", job.Jid),
            (refusal.Code, refusal.Message, refusal.Jid)
        );
        await before.DisconnectedAsync();

        await Agent.RunAsync(job);
        await using var after = await CommandAsync(job, "true");
        Assert.Equal(RefusalCode.NotFound, (await after.RefusedAsync()).Code);
    }

    [Fact]
    public async Task A_terminal_in_an_earlier_or_later_attempt_is_refused()
    {
        var job = await RunningAsync();
        await using var client = await TerminalClient.OpenAsync(
            Fixture.Executor.Home.TerminalSocket,
            new() { Jid = job.Jid, Attempt = 2 }
        );

        Assert.Contains("Attempt 2", (await client.RefusedAsync()).Message);
    }

    [Fact]
    public async Task An_invalid_request_is_refused()
    {
        var job = await RunningAsync();
        await using var empty = await CommandAsync(job, " ");
        Assert.Equal(RefusalCode.Usage, (await empty.RefusedAsync()).Code);

        await using var huge = await TerminalClient.OpenAsync(
            Fixture.Executor.Home.TerminalSocket,
            new()
            {
                Jid = job.Jid,
                Pty = new()
                {
                    Size = new() { Columns = 1, Rows = 70_000 },
                },
            }
        );
        Assert.Equal(
            "A terminal cannot have 1 columns and 70000 rows.",
            (await huge.RefusedAsync()).Message
        );
    }

    [Fact]
    public async Task Terminals_over_the_limit_of_a_job_are_refused()
    {
        Limit(new() { PerJob = 2 });
        var job = await RunningAsync();
        await using var first = await CommandAsync(job, "cat");
        await using var second = await CommandAsync(job, "cat");
        await first.OpenedAsync();
        await second.OpenedAsync();

        await using var third = await CommandAsync(job, "cat");

        var refusal = await third.RefusedAsync();
        Assert.Equal(RefusalCode.Busy, refusal.Code);
        Assert.Contains("2 open terminals", refusal.Message);
        Limit(new() { PerJob = 32 });
    }

    [Fact]
    public async Task A_silent_connection_is_closed()
    {
        Limit(new() { OpenMs = 50 });
        // The agent's settings take effect before its next start order.
        _ = await RunningAsync();

        await using var silent = await TerminalClient.ConnectAsync(
            Fixture.Executor.Home.TerminalSocket
        );

        await silent.DisconnectedAsync();
        Limit(new() { OpenMs = 10_000 });
    }

    private void Limit(TerminalLimits limits) =>
        Agent.Send(
            new ToExecutor
            {
                Hello = new()
                {
                    Session = 1,
                    Limits = new() { Terminals = limits },
                },
            }
        );

    public static TheoryData<byte[]> Garbage =>
        [
            [0],
            [1, 0xff],
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            [0xff, 0xff, 0xff, 0x7f],
            [2, 0x12, 0],
            "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
        ];

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_closes_only_its_connection(byte[] garbage)
    {
        await using var broken = await TerminalClient.ConnectAsync(
            Fixture.Executor.Home.TerminalSocket
        );
        broken.SendRaw([.. garbage, .. new byte[100]]);
        await broken.DisconnectedAsync();

        var job = await RunningAsync();
        await using var late = await CommandAsync(job, "cat");
        await late.OpenedAsync();
        late.SendRaw([.. garbage, .. Enumerable.Repeat<byte>(0xff, 100)]);
        await late.DisconnectedAsync();
        await OnlyFirstProcessLeftAsync(job);
    }
}
