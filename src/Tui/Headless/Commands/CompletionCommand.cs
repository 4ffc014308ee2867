using System.CommandLine;
using System.Text;
using JobCloud.Tui.Headless.Help;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class CompletionCommand : CloudCommand, IListedCommand
{
    private readonly Argument<string> _shell = Arg.Text("SHELL", "bash, zsh or fish");

    public CompletionCommand()
        : base(CommandName, Summary)
    {
        _shell.CompletionSources.Add(CompletionScript.Shells);
        Add(_shell);
    }

    public static string CommandName => "completion";
    public static string Summary => "Print a completion script for bash, zsh or fish.";

    public override string[] Examples =>
        [
            "source <(jobcloud completion bash)",
            "jobcloud completion fish > ~/.config/fish/completions/jobcloud.fish",
        ];

    public override Task<Report> RunAsync(Invocation call)
    {
        var name = call.Get(_shell)!;
        if (CompletionScript.For(name) is not { } script)
            return Task.FromResult<Report>(
                CommandError.Usage($"Unsupported shell '{name}'; use bash, zsh or fish.")
            );
        call.Terminal.Output.Write(Encoding.UTF8.GetBytes(script));
        return Task.FromResult<Report>(new Report.Ended(CommandExitCodes.Success));
    }
}
