using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class KillCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids(required: false);
    private readonly Option<TimeSpan?> _grace = Opt.Duration(
        "--grace",
        "time from SIGTERM to SIGKILL (default: the node's setting)"
    );
    private readonly Option<bool> _yes = Opt.Flag("--yes", "do not ask for confirmation", "-y");

    public KillCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_grace);
        Add(_yes);
    }

    public static string CommandName => "kill";
    public static string Summary =>
        "Kill jobs; without JIDS, all unfinished jobs (a script needs --yes).";

    public override string[] Examples =>
        ["jobcloud kill 7", "jobcloud kill label:night --grace 10s"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var jobs = await call.OptionalJobsAsync(_jids);
        var asks = !call.Get(_yes);
        if (jobs is null && asks && !ChangeConfirmation.CanAsk(call))
            return CommandError.Usage(
                "Missing argument JIDS. To kill all unfinished jobs, use --yes or name them: "
                    + "jobcloud kill all."
            );
        jobs ??= Unfinished();
        using var cloud = await call.ConnectAsync();
        asks &= ChangeConfirmation.IsFor(jobs);
        if (asks && !await ChangeConfirmation.ConfirmsAsync(call, cloud, jobs, "Kill"))
            return ChangeConfirmation.Refused;
        var request = new KillRequest { Jobs = jobs };
        if (call.Get(_grace) is { } time)
            request.GraceMs = Math.Max(1, (long)time.TotalMilliseconds);
        var reply = await cloud.Api.KillAsync(request, cloud.UnaryOptions());
        return ChangeReports.Of(reply, "Killed {0}", "had already finished");
    }

    private static Selection Unfinished() =>
        new() { Items = { new SelectionItem { Word = SelectionWord.Unfinished } } };
}
