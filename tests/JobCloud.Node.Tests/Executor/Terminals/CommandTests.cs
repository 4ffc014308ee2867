using System.Security.Cryptography;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>Commands in jobs, with their own streams.</summary>
public sealed class CommandTests(ExecutorFixture fixture)
    : TerminalStories(fixture),
        IClassFixture<ExecutorFixture>
{
    [Fact]
    public async Task A_command_has_separate_output_streams()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, "echo out; echo err >&2; tty; exit 3");

        Assert.Equal(3, (await command.ClosedAsync()).ExitCode);
        Assert.Equal("out\nnot a tty\n", command.Text);
        Assert.Equal("err\n", command.ErrorText);
        Assert.Equal(1, (await command.OpenedAsync()).Attempt);
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("no-such-program-anywhere", 127)]
    public async Task The_exit_code_of_a_command_is_returned(string text, int code)
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, text);

        var closed = await command.ClosedAsync();

        Assert.Equal((code, ClosedBy.Exit, ""), (closed.ExitCode, closed.By, closed.Why));
    }

    [Fact]
    public async Task Fifty_megabytes_pass_unchanged_in_both_directions()
    {
        var job = await RunningAsync();
        var bytes = new byte[50_000_000];
        new Random(7).NextBytes(bytes);
        await using var command = await CommandAsync(job, "cat");

        await command.SendAsync(bytes);
        command.EndInput();

        Assert.Equal(0, (await command.ClosedAsync()).ExitCode);
        Assert.Equal(SHA256.HashData(bytes), SHA256.HashData(command.Output));
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_input_can_end()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, "head -c 1");

        await command.SendAsync(new byte[5_000_000]);

        Assert.Equal(0, (await command.ClosedAsync()).ExitCode);
        Assert.Equal(1, command.OutputBytes);
    }

    [Fact]
    public async Task All_output_arrives_even_long_after_the_process_exited()
    {
        const int Written = 200_000,
            AtOnce = 5_000;
        var job = await RunningAsync();
        await using var command = await OpenAsync(
            job,
            TerminalKind.Command,
            $"head -c {Written} /dev/zero",
            takes: 0,
            window: AtOnce
        );
        for (var taken = 0; taken < Written; taken += AtOnce)
        {
            await Eventually.HoldsAsync(
                () => command.OutputBytes == Math.Min(Written, taken + AtOnce),
                $"bytes after {taken}"
            );
            command.TakeMore(AtOnce);
        }

        Assert.Equal(0, (await command.ClosedAsync()).ExitCode);
        Assert.Equal(Written, command.OutputBytes);
    }

    [Fact]
    public async Task A_background_process_does_not_delay_the_end_of_its_command()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, "echo first; sleep 998 & echo last");

        Assert.Equal(0, (await command.ClosedAsync()).ExitCode);
        Assert.Equal("first\nlast\n", command.Text);
        _ = await RunsAsync(job, "sleep 998");
    }

    [Fact]
    public async Task A_background_writer_does_not_delay_the_end_of_its_command()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(job, "yes & exit 6");

        Assert.Equal(6, (await command.ClosedAsync()).ExitCode);
    }

    [Fact]
    public async Task A_signal_reaches_the_processes_of_a_command()
    {
        var job = await RunningAsync();
        await using var command = await CommandAsync(
            job,
            "trap 'echo caught; exit 9' USR1; echo ready; while :; do sleep 0.01; done"
        );
        await command.WaitForTextAsync("ready");

        command.Signal(10);

        Assert.Equal(9, (await command.ClosedAsync()).ExitCode);
        Assert.Equal("ready\ncaught\n", command.Text);
    }

    [Fact]
    public async Task A_pty_has_one_output_stream()
    {
        var job = await RunningAsync();
        await using var command = await OpenAsync(
            job,
            TerminalKind.Command,
            "stty size; echo $TERM >&2; exit 5",
            pty: true
        );

        Assert.Equal(5, (await command.ClosedAsync()).ExitCode);
        Assert.Equal("23 91\r\nxterm-256color\r\n", command.Text);
    }

    [Fact]
    public async Task All_output_of_a_pty_arrives()
    {
        var job = await RunningAsync();
        await using var command = await OpenAsync(
            job,
            TerminalKind.Command,
            "seq 200000",
            pty: true
        );

        await command.ClosedAsync();

        Assert.Equal(
            string.Concat(Enumerable.Range(1, 200_000).Select(i => $"{i}\r\n")),
            command.Text
        );
    }

    [Fact]
    public async Task A_client_that_does_not_read_blocks_the_writer()
    {
        var job = await RunningAsync();
        await using var command = await OpenAsync(
            job,
            TerminalKind.Command,
            "yes",
            takes: 0,
            window: 100_000
        );
        await Eventually.HoldsAsync(() => command.OutputBytes == 100_000, "the window is full");
        var yes = await RunsAsync(job, "yes");

        await Eventually.HoldsAsync(
            () => File.ReadAllText($"/proc/{yes}/stat").Contains(") S "),
            "the writer waits for its pipe"
        );
        Assert.Equal(100_000, command.OutputBytes);

        command.TakeMore(50_000);
        await Eventually.HoldsAsync(() => command.OutputBytes == 150_000, "more output arrives");
    }
}
