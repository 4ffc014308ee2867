using System.Diagnostics;
using JobCloud.Tui.Headless.Commands;

namespace JobCloud.Tui.Tests.Headless.Help;

public sealed class CompletionScriptTests : CommandTest
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Every_command_and_option_is_in_every_script(string shell)
    {
        var script = (await RunAsync("completion", shell)).Output;

        foreach (var command in CommandCatalog.All.Select(entry => entry.Create()))
        {
            Assert.Contains(command.Name, script);
            Assert.All(command.Options, option => Assert.Contains(option.Name[2..], script));
            Assert.All(command.Subcommands, child => Assert.Contains(child.Name, script));
        }
    }

    [Theory]
    [InlineData("sta", 1, "status")]
    [InlineData("exec --prio", 2, "--priority")]
    [InlineData("nodes dr", 2, "drain")]
    [InlineData("-o json explai", 3, "explain")]
    public async Task Bash_completes_commands_and_options(string line, int word, string expected)
    {
        var script = WriteFile("completion.bash", (await RunAsync("completion", "bash")).Output);
        var test =
            $"source {script}; COMP_WORDS=(jobcloud {line}); COMP_CWORD={word}; "
            + "_jobcloud; echo \"${COMPREPLY[@]}\"";
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["-c", test]) { RedirectStandardOutput = true }
        )!;

        Assert.Equal($"{expected}\n", await bash.StandardOutput.ReadToEndAsync());
    }

    [Fact]
    public async Task An_unsupported_shell_is_a_usage_error()
    {
        Assert.Equal(2, (await RunAsync("completion", "tcsh")).Code);
    }
}
