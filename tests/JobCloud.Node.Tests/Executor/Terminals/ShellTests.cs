using JobCloud.Protocol;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Terminals;

public sealed class ShellTests(ExecutorFixture fixture)
    : ShellStories(fixture),
        IClassFixture<ExecutorFixture>;

public sealed class ShellWithoutCgroupsTests(WithoutCgroupsFixture fixture)
    : ShellStories(fixture),
        IClassFixture<WithoutCgroupsFixture>;

/// <summary>Interactive shells in jobs.</summary>
public abstract class ShellStories(ExecutorFixture fixture) : TerminalStories(fixture)
{
    [Fact]
    public async Task A_shell_has_its_jobs_directory_and_environment()
    {
        var job = await RunningAsync(with: job =>
            job.Environment.Add(new Variable { Name = "COLOUR", Value = "blue" })
        );
        await using var shell = await ShellAsync(job);
        await shell.OpenedAsync();

        shell.Type("echo \"$PWD|$COLOUR|$TERM|$INHERITED|$JOBCLOUD_MARK|\"\n");

        await shell.WaitForTextAsync(
            $"{Fixture.Paths(job).Directory}|blue|xterm-256color|from the executor|{job.Jid}.1@"
        );
    }

    [Fact]
    public async Task A_shell_has_a_terminal_of_the_clients_size_and_can_be_resized()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        shell.Type("stty size; tty\n");
        await shell.WaitForTextAsync("23 91");
        await shell.WaitForTextAsync("/dev/pts/");

        shell.Resize(columns: 101, rows: 33);
        shell.Type("stty size\n");

        await shell.WaitForTextAsync("33 101");
    }

    [Fact]
    public async Task Ctrl_C_interrupts_the_foreground_process_and_not_the_shell()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        shell.Type("sleep 999\n");
        _ = await RunsAsync(job, "sleep 999");

        shell.Type("\x03");
        shell.Type("echo code-$?\n");

        await shell.WaitForTextAsync("code-130");
    }

    [Fact]
    public async Task Shell_job_control_works()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        shell.Type("sleep 999\n");
        var sleep = await RunsAsync(job, "sleep 999");

        shell.Type("\x1a");
        await shell.WaitForTextAsync("Stopped");
        shell.Type("fg\n");
        await Eventually.HoldsAsync(
            () => !File.ReadAllText($"/proc/{sleep}/stat").Contains(") T "),
            "the process continues"
        );
        shell.Type("\x03");
        shell.Type("echo after-$?\n");

        await shell.WaitForTextAsync("after-130");
        Assert.DoesNotContain("no job control", shell.Text);
    }

    [Fact]
    public async Task A_signal_reaches_the_foreground_process()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        shell.Type("sleep 999\n");
        _ = await RunsAsync(job, "sleep 999");

        shell.Signal(2);
        shell.Type("echo code-$?\n");

        await shell.WaitForTextAsync("code-130");
    }

    [Fact]
    public async Task The_exit_code_of_a_shell_is_returned_and_its_job_continues()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        shell.Type("exit 7\n");

        Assert.Equal(7, (await shell.ClosedAsync()).ExitCode);

        await using var another = await CommandAsync(job, "echo still here");
        await another.ClosedAsync();
        Assert.Equal("still here\n", another.Text);
    }

    [Fact]
    public async Task End_of_input_ends_a_shell()
    {
        var job = await RunningAsync();
        await using var shell = await ShellAsync(job);
        // Ctrl-D would be lost before the shell has set up the terminal.
        shell.Type("PS1=pro''mpt\n");
        await shell.WaitForTextAsync("prompt");

        shell.EndInput();

        Assert.Equal(0, (await shell.ClosedAsync()).ExitCode);
    }
}
