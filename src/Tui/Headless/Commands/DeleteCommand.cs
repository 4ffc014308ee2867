using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class DeleteCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Option<bool> _yes = Opt.Flag("--yes", "do not ask for confirmation", "-y");

    public DeleteCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_yes);
    }

    public static string CommandName => "delete";
    public static string Summary =>
        "Delete the output and results of finished jobs, and hide the jobs.";

    public override string[] Examples => ["jobcloud delete 10-19"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var jobs = await call.JobsAsync(_jids);
        using var cloud = await call.ConnectAsync();
        var asks = !call.Get(_yes) && ChangeConfirmation.IsFor(jobs);
        if (asks && !await ChangeConfirmation.ConfirmsAsync(call, cloud, jobs, "Delete"))
            return ChangeConfirmation.Refused;
        var reply = await cloud.Api.DeleteAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        return ChangeReports.Of(reply, "Deleted {0}", "unchanged");
    }
}
