using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Commands;
using JobCloud.Tui.Headless.Options;

namespace JobCloud.Tui.Tests.Headless.Help;

/// <summary>Completion by <c>complete</c>, and by the scripts in the real shells, which start the
/// real program.</summary>
public sealed class CompletionScriptTests : CommandTest
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.List = _ => new ListReply
        {
            Rows =
            {
                new JobRow
                {
                    First = 41,
                    Last = 49,
                    Label = "night shift",
                },
                new JobRow
                {
                    First = 40,
                    Last = 40,
                    Label = "night",
                },
            },
        };
        Cloud.Nodes = _ => new NodesReply { Nodes = { new NodeView { Name = "n1" } } };
        Cloud.Definitions = request => new DefinitionsReply
        {
            Definitions =
            {
                ((DefinitionsRequest)request).Kind == DefinitionKind.Volume
                    ? new Definition { Volume = new() { Name = "data" } }
                    : new Definition { Environment = new() { Name = "tex" } },
            },
        };
    }

    private async Task<string[]> CompleteAsync(params string[] line)
    {
        var ran = await RunAsync(["complete", "--", .. line]);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        return ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Every_command_alias_and_option_is_completed()
    {
        Assert.Empty(CommandCatalog.Names.Except(await CompleteAsync("")));
        var globals = new GlobalOptions().All.Select(option => option.Name).ToList();
        Assert.Empty(globals.Except(await CompleteAsync("--")));
        foreach (var command in CommandCatalog.All.Select(entry => entry.Create()))
        {
            if (command.Subcommands.Count > 0)
                Assert.Equal(
                    command.Subcommands.Select(child => child.Name),
                    await CompleteAsync(command.Name, "")
                );
            if (command.Name == CompleteCommand.CommandName)
                continue;
            var options = command.Options.Select(option => option.Name).Concat(globals);
            Assert.Empty(options.Except(await CompleteAsync(command.Name, "--")));
            foreach (var child in command.Subcommands)
                Assert.Empty(
                    child
                        .Options.Select(option => option.Name)
                        .Except(await CompleteAsync(command.Name, child.Name, "--"))
                );
        }
    }

    [Theory]
    [InlineData("41-49 40 all unfinished last", "status", "")]
    [InlineData("41-49 40", "kill", "4")]
    [InlineData("3,41-49 3,40", "kill", "3,4")]
    [InlineData("41-49 40", "-o", "json", "info", "3", "4")]
    [InlineData("label:night shift label:night", "ls", "label:")]
    [InlineData("status:done", "ls", "status:d")]
    [InlineData("41-49 40", "exec", "-x", "4")]
    [InlineData("41-49 40", "cancel", "4")]
    [InlineData("night", "exec", "--label", "night")]
    [InlineData("--label=night", "ls", "--label=ni")]
    [InlineData("n1", "nodes", "drain", "")]
    [InlineData("tex", "exec", "-e", "")]
    [InlineData("tex", "env", "edit", "t")]
    [InlineData("data", "exec", "--vol", "d")]
    [InlineData("data", "volume", "delete", "")]
    [InlineData("c1 c2", "exec", "-t", "c")]
    [InlineData("stdout", "info", "3", "-o", "stdo")]
    [InlineData("status,stderr", "info", "-o", "status,stde")]
    [InlineData("json", "-o", "j")]
    [InlineData("json", "status", "-o", "j")]
    [InlineData("done", "ls", "--status", "d")]
    [InlineData("error,done", "ls", "--status", "error,d")]
    [InlineData("done", "wait-for", "status", "3", "d")]
    [InlineData("bash", "completion", "b")]
    [InlineData("prioritize", "help", "prio")]
    [InlineData(":files", "exec", "cat", "")]
    [InlineData(":files", "exec", "cat", "--")]
    [InlineData(":files", "exec", "-c", "2", "--", "cat", "x")]
    [InlineData(":files", "run", "cat", "a")]
    [InlineData(":programs", "exec", "")]
    [InlineData(":programs", "exec", "-c", "2", "ma")]
    [InlineData(":files", "exec", "-w", "")]
    [InlineData(":files", "exec", "--stdin", "")]
    [InlineData("", "nosuch", "")]
    [InlineData("", "exec", "--label", "zzz")]
    public async Task Values_are_completed(string expected, params string[] line)
    {
        var found = string.Join(' ', await CompleteAsync(line));

        Assert.StartsWith(expected, found);
        Assert.True(expected.Length > 0 || found.Length == 0, found);
    }

    [Fact]
    public async Task Without_a_node_only_known_words_are_completed()
    {
        Variables["JOBCLOUD_SERVER"] = "unix:/nonexistent";

        Assert.Equal(["last"], await CompleteAsync("status", "la"));
        Assert.Empty(await CompleteAsync("nodes", "drain", ""));
    }

    [Theory]
    [InlineData("jobcloud sta", "status")]
    [InlineData("jobcloud exec --prio", "--priority")]
    [InlineData("jobcloud nodes dr", "drain")]
    [InlineData("jobcloud -o json explai", "explain")]
    [InlineData("jobcloud kill unf", "unfinished")]
    [InlineData("jobcloud ls status:kil", "killed ")]
    [InlineData("jobcloud kill 3,status:que", "queued ")]
    [InlineData("jobcloud exec -w . cat note", "notes.txt")]
    [InlineData("jobcloud exec bas", "bash")]
    public async Task Bash_completes(string line, string expected)
    {
        var script = await ScriptAsync("bash");
        WriteFile("notes.txt", "");
        // As bash does, it splits words at ':' too.
        var test =
            $"source {script}; COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; "
            + "read -ra COMP_WORDS <<< \"${COMP_LINE//:/ : }\"; COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
            + "_jobcloud; printf '%q ' \"${COMPREPLY[@]}\"";

        Assert.Contains(expected, await ShellAsync("bash", ["--norc", "-c", test]));
    }

    [Theory]
    [InlineData("jobcloud sta", "status")]
    [InlineData("jobcloud kill unf", "unfinished")]
    [InlineData("jobcloud nodes dr", "drain")]
    [InlineData("jobcloud exec -w . cat note", "notes.txt")]
    public async Task Fish_completes(string line, string expected)
    {
        if (!IsInstalled("fish"))
            return;
        var script = await ScriptAsync("fish");
        WriteFile("notes.txt", "");

        var found = await ShellAsync(
            "fish",
            ["--no-config", "-c", $"source {script}; complete -C '{line}'"]
        );
        Assert.Contains(expected, found);
    }

    [Fact]
    public async Task Zsh_accepts_the_script()
    {
        if (!IsInstalled("zsh"))
            return;
        var script = await ScriptAsync("zsh");

        var found = await ShellAsync(
            "zsh",
            [
                "-f",
                "-c",
                // The functions of its completion system, of which the script uses these.
                "compdef() { }; compadd() { shift; print -r -- $@ }; _files() { print FILES }; "
                    + $"source {script}; words=(jobcloud kill unf); CURRENT=3; _jobcloud; "
                    + "words=(jobcloud exec cat ''); CURRENT=4; _jobcloud",
            ]
        );
        Assert.Contains("unfinished", found);
        Assert.Contains("FILES", found);
    }

    [Fact]
    public async Task An_unsupported_shell_is_a_usage_error()
    {
        Assert.Equal(2, (await RunAsync("completion", "tcsh")).Code);
    }

    private async Task<string> ScriptAsync(string shell) =>
        WriteFile($"completion.{shell}", (await RunAsync("completion", shell)).Output);

    private static bool IsInstalled(string shell) =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Any(directory => File.Exists(Path.Combine(directory, shell)));

    /// <summary>The output of a shell that finds the program beside these tests, and this test's
    /// node.</summary>
    private async Task<string> ShellAsync(string shell, string[] arguments)
    {
        var start = new ProcessStartInfo(shell, arguments)
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Paths.Home,
        };
        start.Environment["PATH"] =
            $"{AppContext.BaseDirectory}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["JOBCLOUD_HOME"] = Paths.Home;
        start.Environment["HOME"] = Paths.Home;
        start.Environment.Remove("JOBCLOUD_SERVER");
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
