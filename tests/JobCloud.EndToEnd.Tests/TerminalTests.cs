using System.Diagnostics;
using System.Security.Cryptography;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Terminals and commands in jobs.</summary>
public class TerminalTests(Cloud cloud) : IClassFixture<Cloud>
{
    [Fact]
    public async Task A_shell_in_a_job_works_at_a_real_terminal()
    {
        var jid = await RunningAsync("sleep 600");
        using var ssh = At("ssh", jid);
        ssh.Type("echo in-$JOBCLOUD_JID-$((20+3)); tty\r");
        await ssh.ShowsAsync($"in-{jid}-23");
        await ssh.ShowsAsync("/dev/pts/");
        Assert.False(ssh.ReadsLines);

        ssh.Resize(132, 43);
        await Eventually.HoldsAsync(
            async () =>
            {
                ssh.Type("stty size\r");
                await Task.Yield();
                return ssh.Screen.Contains("43 132");
            },
            "the size arrives"
        );

        // A shell can lose input that arrives while it handles Ctrl-C.
        ssh.Type("sleep 1007; echo after-$((1+1))\r");
        await Eventually.HoldsAsync(() => Sleepers("1007").Length == 1, "it sleeps");
        ssh.Type("\u0003");
        await Eventually.HoldsAsync(() => Sleepers("1007").Length == 0, "it is interrupted");
        await Eventually.HoldsAsync(
            () => ssh.Screen.TrimEnd().EndsWith('#') || ssh.Screen.TrimEnd().EndsWith('$'),
            "a prompt"
        );
        ssh.Type("echo inter-$((3+4))\r");
        await ssh.ShowsAsync("inter-7");

        ssh.Type("exit 5\r");
        Assert.Equal(5, await ssh.ExitAsync());
        Assert.True(ssh.ReadsLines);
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task Events_and_info_name_the_user_of_a_terminal()
    {
        var jid = await RunningAsync("sleep 600");
        using var ssh = At("ssh", jid);
        ssh.Type("echo he-$((1+1))\r");
        await ssh.ShowsAsync("he-2");
        var info = (await cloud.RunAsync("-o", "json", "info", jid, "-o", "terminals")).Json;
        var terminal = info.GetProperty(jid).GetProperty("terminals")[0];
        Assert.Equal("shell", terminal.GetProperty("kind").GetString());
        Assert.Equal(Environment.UserName, terminal.GetProperty("by").GetString());

        ssh.Type("\r~.");
        Assert.Equal(3, await ssh.ExitAsync());
        await ssh.ShowsAsync($"Connection to job {jid} closed.");
        await Eventually.HoldsAsync(
            async () =>
            {
                var events = await cloud.OkAsync("events", jid);
                return events.Contains($"{Environment.UserName} opened terminal")
                    && events.Contains("its client disconnected");
            },
            "the events contain the open and close of the terminal"
        );
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task The_end_of_a_job_closes_its_terminals_with_a_message()
    {
        var jid = await RunningAsync("sleep 600");
        using var ssh = At("ssh", jid);
        ssh.Type("echo he-$((1+1))\r");
        await ssh.ShowsAsync("he-2");
        await cloud.OkAsync("kill", jid);
        Assert.Equal(3, await ssh.ExitAsync());
        await ssh.ShowsAsync($"Job {jid} ended: killed. Connection closed.");
        Assert.True(ssh.ReadsLines);
    }

    [Fact]
    public async Task A_signal_that_stops_the_command_restores_the_terminal()
    {
        var jid = await RunningAsync("sleep 600");
        using var ssh = At("ssh", jid);
        await Eventually.HoldsAsync(() => !ssh.ReadsLines, "the terminal is raw");
        Signal(ssh.Pid, "TERM");
        Assert.Equal(143, await ssh.ExitAsync());
        Assert.True(ssh.ReadsLines);
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task A_command_keeps_its_streams_separate_and_returns_its_exit_code()
    {
        var jid = await RunningAsync("sleep 600");
        var ran = await cloud.RunAsync(
            ["ssh", jid, "cat; echo wrong >&2; exit 7"],
            stdin: "through and back"
        );
        Assert.Equal((7, "through and back", "wrong\n"), (ran.Exit, ran.Out, ran.Err));

        var several = await Task.WhenAll(
            Enumerable.Range(1, 6).Select(n => cloud.RunAsync("ssh", jid, $"echo {n}; exit {n}"))
        );
        Assert.Equal([1, 2, 3, 4, 5, 6], several.Select(one => one.Exit));
        Assert.Equal(["1", "2", "3", "4", "5", "6"], several.Select(one => one.Line));
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task A_command_in_a_job_transfers_64_MiB_unchanged()
    {
        var jid = await RunningAsync("sleep 600");
        var bytes = RandomNumberGenerator.GetBytes(64 << 20);
        using var cat = cloud.Start(["ssh", jid, "cat"]);
        var reading = SHA256.HashDataAsync(cat.StandardOutput.BaseStream).AsTask();
        await cat.StandardInput.BaseStream.WriteAsync(bytes);
        cat.StandardInput.Close();
        Assert.Equal(SHA256.HashData(bytes), await reading);
        await cat.WaitForExitAsync();
        Assert.Equal(0, cat.ExitCode);
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task A_killed_client_leaves_no_processes()
    {
        var jid = await RunningAsync("sleep 600");
        using (var ssh = cloud.Start(["ssh", jid, "echo in; exec sleep 4321"]))
        {
            Assert.Equal("in", await ssh.StandardOutput.ReadLineAsync());
            await Eventually.HoldsAsync(() => Sleepers("4321").Length == 1, "its command runs");
            ssh.Kill();
        }
        await Eventually.HoldsAsync(() => Sleepers("4321").Length == 0, "its command ends");
        await Eventually.HoldsAsync(
            async () =>
                (await cloud.OkAsync("info", jid, "-o", "terminals")).Contains("none is open"),
            "the job has no terminal"
        );
        Assert.Equal("processing", await cloud.StatusAsync(jid));
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task A_finished_job_opens_no_terminal()
    {
        var jid = await cloud.ExecAsync("true");
        await cloud.OkAsync("join", jid);
        var ran = await cloud.RunAsync("ssh", jid);
        Assert.Equal(
            (3, $"Job {jid} is done and accepts no more terminals.\n"),
            (ran.Exit, ran.Err)
        );
    }

    [Fact]
    public async Task A_shell_job_ends_with_its_terminal()
    {
        using var shell = At("exec-shell", "-l", "mine");
        shell.Type("echo in-$((5+6))-$JOBCLOUD_JID\r");
        await shell.ShowsAsync("in-11-");
        await Eventually.HoldsAsync(
            async () => (await cloud.OkAsync("ls", "--label", "mine")).Contains("(shell)"),
            "it is listed"
        );
        var jid = await cloud.OkAsync("-o", "quiet", "ls", "--label", "mine");
        shell.Type("exit\r");
        Assert.Equal(0, await shell.ExitAsync());
        await cloud.OkAsync("join", jid, "-t", "20");
    }

    [Fact]
    public async Task A_shell_job_waits_for_its_first_terminal()
    {
        var jid = await cloud.OkAsync("exec-shell");
        Assert.Equal("here", await cloud.OkAsync("ssh", jid, "echo here"));
        await cloud.OkAsync("join", jid, "-t", "20");

        var kept = await cloud.OkAsync("exec-shell", "--keep-alive");
        Assert.Equal("here", await cloud.OkAsync("ssh", kept, "echo here"));
        Assert.Equal("again", await cloud.OkAsync("ssh", kept, "echo again"));
        await cloud.OkAsync("kill", kept);
    }

    private async Task<string> RunningAsync(string command)
    {
        var jid = await cloud.ExecAsync(command);
        await cloud.OkAsync("wait-for", "status", jid, "processing", "-t", "30");
        return jid;
    }

    private PtyProcess At(params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = cloud.Home,
            ["TERM"] = "xterm",
            ["JOBCLOUD_HOME"] = cloud.Home,
        };
        return PtyProcess.Start([Cloud.Program("jobcloud"), .. arguments], environment);
    }

    private static void Signal(int pid, string signal) =>
        Process.Start("kill", [$"-{signal}", $"{pid}"]).WaitForExit();

    private static int[] Sleepers(string seconds) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(d => int.TryParse(Path.GetFileName(d), out var pid) ? pid : 0)
                .Where(pid => pid > 0 && Runs(pid, $"sleep\0{seconds}\0")),
        ];

    private static bool Runs(int pid, string line)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline") == line;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
