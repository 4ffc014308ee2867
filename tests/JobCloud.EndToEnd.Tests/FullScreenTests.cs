using System.Diagnostics;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The full-screen UI at a real terminal.</summary>
public class FullScreenTests(Cloud cloud) : IClassFixture<Cloud>
{
    private const string Tab = "\t",
        Enter = "\r";

    [Fact]
    public async Task The_UI_shows_a_job_prints_its_output_and_kills_it()
    {
        var jid = await cloud.ExecAsync("echo said-$((40+2)); sleep 601");
        using var screen = Open();
        await screen.ShowsAsync("LIVE");
        await screen.ShowsAsync("echo said-");

        screen.Type("l");
        await screen.ShowsAsync("said-42");

        screen.Type("qK");
        await screen.ShowsAsync("Kill 1 job?");
        screen.Type(Tab + Enter);
        await Eventually.HoldsAsync(
            async () => await cloud.StatusAsync(jid) == "killed",
            "it is killed"
        );

        screen.Type("q");
        Assert.Equal(0, await screen.ExitAsync());
        Assert.True(screen.ReadsLines);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_stops_the_UI_and_restores_the_terminal(string signal)
    {
        await cloud.ExecAsync("true");
        using var screen = Open();
        await screen.ShowsAsync("LIVE");
        Assert.False(screen.ReadsLines);

        Process.Start("kill", [$"-{signal}", $"{screen.Pid}"]).WaitForExit();

        Assert.Equal(0, await screen.ExitAsync());
        Assert.True(screen.ReadsLines);
        Assert.EndsWith("\e[?25h", screen.Screen.TrimEnd());
    }

    private PtyProcess Open() =>
        PtyProcess.Start(
            [Cloud.Program("jobcloud"), "top"],
            new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = cloud.Home,
                ["TERM"] = "xterm-256color",
                ["JOBCLOUD_HOME"] = cloud.Home,
            }
        );
}
