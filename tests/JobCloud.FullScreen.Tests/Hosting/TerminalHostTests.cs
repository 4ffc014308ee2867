using System.Diagnostics;
using JobCloud.FullScreen.Tests.Demo;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Theme;
using JobCloud.Tui.FullScreen.Widgets;

namespace JobCloud.FullScreen.Tests.Hosting;

/// <summary>The UI on a pseudo-terminal, with a simulated cloud.</summary>
public sealed class TerminalHostTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jobcloud-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Quitting_resets_every_mode_of_the_terminal()
    {
        using var terminal = await OpenAsync();
        Assert.NotEmpty(TerminalModes.LeftOn(terminal.Screen));

        terminal.Type("q");

        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Empty(TerminalModes.LeftOn(terminal.Screen));
        Assert.True(terminal.ReadsLines);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_that_ends_the_UI_resets_every_mode(string signal)
    {
        using var terminal = await OpenAsync();

        Send(signal, terminal);

        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Empty(TerminalModes.LeftOn(terminal.Screen));
        Assert.True(terminal.ReadsLines);
    }

    [Fact]
    public async Task A_command_gets_the_terminal_without_any_mode_of_the_UI()
    {
        var command = Path.Combine(_folder, "command");
        await File.WriteAllTextAsync(command, "#!/bin/sh\necho command-runs\nread line\n");
        File.SetUnixFileMode(command, (UnixFileMode)0x1ed);
        using var terminal = await OpenAsync(jobs: 13, command);

        // Two maps come first; job 13 is processing, so it has a shell.
        await terminal.ShowsAsync("15 of 15");
        terminal.Type("jjs");
        await terminal.ShowsAsync("command-runs");
        Assert.Empty(TerminalModes.LeftOn(terminal.Screen));

        terminal.Type("\r");
        await Eventually.HoldsAsync(
            () => TerminalModes.LeftOn(terminal.Screen).Contains("?1049"),
            "the UI is back"
        );
        terminal.Type("q");
        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Empty(TerminalModes.LeftOn(terminal.Screen));
    }

    [Fact]
    public async Task Ctrl_Z_stops_the_UI_with_the_terminal_reset_until_it_is_continued()
    {
        using var terminal = await OpenAsync();

        terminal.Type("\u001a");
        await Eventually.HoldsAsync(() => ResetAt(terminal.Screen) > 0, "the terminal is reset");
        var shown = ResetAt(terminal.Screen);
        Send("CONT", terminal);
        await Eventually.HoldsAsync(
            () => TerminalModes.LeftOn(terminal.Screen).Contains("?1049"),
            "the UI is back"
        );
        await Eventually.HoldsAsync(
            () => terminal.Screen[shown..].Contains("jobs"),
            "the UI is painted again"
        );
        terminal.Type("q");
        Assert.Equal(0, await terminal.ExitAsync());
        Assert.Empty(TerminalModes.LeftOn(terminal.Screen));
    }

    [Fact]
    public async Task A_paste_goes_into_the_filter_and_never_acts_as_keys()
    {
        using var terminal = await OpenAsync();

        terminal.Type("\e[200~qqq\nls -l\n\e[201~");
        await terminal.ShowsAsync("pasted");
        terminal.Type("/");
        terminal.Type("\e[200~nowhere\e[201~");
        await terminal.ShowsAsync("nowhere");

        terminal.Type("\u0003");
        Assert.Equal(0, await terminal.ExitAsync());
    }

    [Fact]
    public async Task Text_that_arrives_at_once_never_acts_as_keys()
    {
        using var terminal = await OpenAsync();

        terminal.Type("cecho one\rqqq ls -l\r");
        await terminal.ShowsAsync("pasted");
        Assert.DoesNotContain("submit a job", terminal.Screen);

        terminal.Type("\u0003");
        Assert.Equal(0, await terminal.ExitAsync());
    }

    [Fact]
    public async Task A_terminal_of_256_colours_gets_them_by_number()
    {
        using var terminal = await OpenAsync(depth: "Indexed");

        Assert.Contains("38;5;", terminal.Screen);
        Assert.DoesNotContain("8;2;", terminal.Screen);

        terminal.Type("q");
        Assert.Equal(0, await terminal.ExitAsync());
    }

    [Fact]
    public async Task The_theme_follows_the_background_that_the_terminal_reports()
    {
        using var terminal = await OpenAsync(theme: "auto");
        await terminal.ShowsAsync("\e]11;?");
        var text = Palettes.Light.Of(Ink.Title).Foreground;
        var ink = $"38;2;{text.R};{text.G};{text.B}";
        Assert.DoesNotContain(ink, terminal.Screen);

        terminal.Type("\e]10;rgb:0000/0000/0000\e\\\e]11;rgb:ffff/ffff/dddd\e\\");
        await terminal.ShowsAsync(ink);

        terminal.Type("q");
        Assert.Equal(0, await terminal.ExitAsync());
    }

    private static async Task<PtyProcess> OpenAsync(
        int jobs = 20,
        string command = "jobcloud",
        string theme = "dark",
        string depth = "Full"
    )
    {
        var terminal = PtyProcess.Start(
            [
                Environment.ProcessPath!,
                "exec",
                typeof(DemoProgram).Assembly.Location,
                $"{jobs}",
                "0",
                theme,
                command,
                depth,
            ],
            new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = Path.GetTempPath(),
                ["TERM"] = "xterm-256color",
            }
        );
        await terminal.ShowsAsync("LIVE");
        return terminal;
    }

    /// <summary>The length of the output at which all modes are reset; 0: they never are. Without a
    /// shell above it, the UI is not stopped and soon comes back by itself.</summary>
    private static int ResetAt(string screen)
    {
        const string mode = "\e[?";
        for (
            var at = screen.IndexOf(mode + "1049l", StringComparison.Ordinal);
            at >= 0;
            at = screen.IndexOf(mode, at + 1, StringComparison.Ordinal)
        )
            if (TerminalModes.LeftOn(screen[..at]).Count == 0)
                return at;
        return TerminalModes.LeftOn(screen).Count == 0 ? screen.Length : 0;
    }

    private static void Send(string signal, PtyProcess to)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{to.Pid}"]);
        kill.WaitForExit();
    }
}
