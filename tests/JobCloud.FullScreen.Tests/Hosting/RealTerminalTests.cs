using JobCloud.FullScreen.Tests.Demo;
using JobCloud.Testing;

namespace JobCloud.FullScreen.Tests.Hosting;

/// <summary>The UI in terminals that users have, with a simulated cloud.</summary>
public sealed class RealTerminalTests
{
    [RealTerminalTheory]
    [InlineData("tmux", 80, 24)]
    [InlineData("vte", 120, 32)]
    public async Task The_UI_can_be_used_and_leaves_the_terminal_as_it_was(
        string kind,
        int columns,
        int rows
    )
    {
        using var terminal = RealTerminal.Open(
            kind,
            columns,
            rows,
            [Environment.ProcessPath!, "exec", typeof(DemoProgram).Assembly.Location, "20", "0"],
            new Dictionary<string, string> { ["TERM"] = "xterm-256color", ["LANG"] = "C.UTF-8" }
        );
        await terminal.ShowsAsync("LIVE");
        await terminal.ShowsAsync("22 of 22");

        terminal.Press("2");
        await terminal.ShowsAsync("draining");
        terminal.Press("?");
        await terminal.ShowsAsync("Help · nodes");
        terminal.Press("\e");
        await terminal.HidesAsync("Help ·");
        terminal.Press("1");
        await terminal.ShowsAsync("22 of 22");
        terminal.Press("q");
        await terminal.ShowsAsync("ended-0");
        terminal.Press("still here");
        await terminal.ShowsAsync("still here");
        Assert.DoesNotContain("LIVE", terminal.Text);
    }
}
