using System.Diagnostics;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Where stdout or stderr cannot be written, a command says so if it can, and never
/// crashes.</summary>
public class UnwritableOutputTests(Cloud cloud) : IClassFixture<Cloud>
{
    private static readonly string[] Lines =
    [
        "--version",
        "help",
        "help exec",
        "ls",
        "-o json ls",
        "-o quiet ls",
        "-o no-header ls",
        "status 1",
        "-o json status 1",
        "info 1 -o status",
        "-o json info 1",
        "nodes",
        "events",
        "-o json events",
        "config",
        "-o json config",
        "node status",
        "explain 1",
        "result 1",
        "-o json result 1",
        "logs 1",
        "-o json logs 1",
        "exec true",
        "-o json exec true",
        "exec --wait true",
        "exec -f echo out",
        "mapexec -k 2 true",
        "-o json join 1",
        "-o json kill 1",
        "completion bash",
        "batch {home}/requests",
        "env list",
        "token list",
    ];

    private static readonly string[] Unwritable = [">/dev/full", ">&-"];

    public static TheoryData<string> Commands => [.. Lines];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task An_unwritable_stdout_is_one_sentence_and_exit_1(string line)
    {
        await PrepareAsync();
        foreach (var redirection in Unwritable)
        {
            var ran = await ShellAsync($"{line} {redirection}");
            Assert.True(ran.Exit == 1, $"{line} {redirection}: exit {ran.Exit}\n{ran.Err}");
            Assert.Contains("The output cannot be written to stdout: ", ran.Err);
            Assert.DoesNotContain("   at ", ran.Err);
            if (line.Contains("exec ") && !line.Contains("-f") && !line.StartsWith("help"))
                Assert.Matches("submitted\\.", ran.Err);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task An_unwritable_stderr_changes_no_output_and_never_aborts(string line)
    {
        await PrepareAsync();
        foreach (var redirection in Unwritable.Select(to => $"2{to}"))
        {
            var ran = await ShellAsync($"{line} {redirection}");
            Assert.True(ran.Exit is 0 or 1, $"{line} {redirection}: exit {ran.Exit}\n{ran.Err}");
            Assert.NotEqual("", ran.Out);
            var neither = await ShellAsync($"{line} {redirection} >/dev/full");
            Assert.Equal(1, neither.Exit);
        }
    }

    [Fact]
    public async Task A_lost_message_is_a_failure()
    {
        await PrepareAsync();
        Assert.Equal(1, (await ShellAsync("kill 1 2>/dev/full")).Exit);
        Assert.Equal(2, (await ShellAsync("nonsense 2>/dev/full")).Exit);
        Assert.Equal(3, (await ShellAsync("status 999 2>&-")).Exit);
    }

    [Fact]
    public async Task A_reader_that_has_enough_ends_a_command_quietly()
    {
        await PrepareAsync();
        foreach (var line in new[] { "ls", "-o json config", "exec -f seq 1000000" })
        {
            var ran = await ShellAsync($"{line} | head -c 1");
            Assert.Equal(1, ran.Out.Length);
            Assert.DoesNotContain("written", ran.Err);
            Assert.DoesNotContain("   at ", ran.Err);
        }
    }

    private async Task PrepareAsync()
    {
        if (File.Exists($"{cloud.Home}/requests"))
            return;
        await cloud.ExecAsync("--wait", "echo", "out");
        await File.WriteAllTextAsync($"{cloud.Home}/requests", """{"status": 1}""");
    }

    private async Task<ProgramOutcome> ShellAsync(string line)
    {
        var command = $"{Cloud.Program("jobcloud")} {line.Replace("{home}", cloud.Home)}";
        var info = new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["JOBCLOUD_HOME"] = cloud.Home;
        using var process = Process.Start(info)!;
        var reading = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ProgramOutcome(process.ExitCode, await reading, await errors);
    }
}
