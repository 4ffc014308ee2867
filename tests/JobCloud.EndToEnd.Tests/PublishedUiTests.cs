using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The published UI in terminals that users have.</summary>
public class PublishedUiTests(Cloud cloud) : IClassFixture<Cloud>
{
    [RealTerminalTheory]
    [InlineData("tmux")]
    [InlineData("vte")]
    public async Task The_UI_opens_the_output_of_a_job_and_ends(string kind)
    {
        await cloud.ExecAsync($"echo said-{kind}-$((40+2)); sleep 601");
        using var terminal = RealTerminal.Open(
            kind,
            120,
            32,
            [Cloud.Program("jobcloud"), "top"],
            new Dictionary<string, string>
            {
                ["HOME"] = cloud.Home,
                ["TERM"] = "xterm-256color",
                ["LANG"] = "C.UTF-8",
                ["JOBCLOUD_HOME"] = cloud.Home,
            }
        );
        await terminal.ShowsAsync("LIVE");
        await terminal.ShowsAsync($"echo said-{kind}");
        terminal.Press("l");
        await terminal.ShowsAsync($"said-{kind}-42");
        terminal.Press("\u0003");
        await terminal.ShowsAsync("ended-0");
    }
}
