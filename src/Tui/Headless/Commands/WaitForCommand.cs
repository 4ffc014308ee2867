using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class WaitForCommand : CloudCommand, IListedCommand
{
    public WaitForCommand()
        : base(CommandName, Summary)
    {
        Add(new WaitForStatusCommand());
        Add(new WaitForPortCommand());
    }

    public static string CommandName => "wait-for";
    public static string Summary => "Wait until a job reaches a status or listens on a port.";

    public override string[] Examples =>
        ["jobcloud wait-for status 7 processing -t 30", "jobcloud wait-for port 7 8000"];

    public override Task<Report> RunAsync(Invocation call) =>
        Task.FromResult<Report>(
            CommandError.Usage(
                "Missing subcommand; use 'wait-for status JID STATUS' or 'wait-for port JID PORT'."
            )
        );
}
