using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

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
    public static string Summary => "Kill jobs; without JIDS, all unfinished jobs.";

    public override string[] Examples =>
        ["jobcloud kill 7", "jobcloud kill label:night --grace 10s"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var jobs = await call.OptionalJobsAsync(_jids);
        using var cloud = await call.ConnectAsync();
        if (jobs is null)
        {
            jobs = Unfinished();
            if (!call.Get(_yes) && !await ConfirmsAsync(call.Terminal, cloud, jobs))
                return new CommandError(
                    CommandExitCodes.Refused,
                    "not-confirmed",
                    "Not confirmed; no job was killed."
                );
        }
        var request = new KillRequest { Jobs = jobs };
        if (call.Get(_grace) is { } time)
            request.GraceMs = Math.Max(1, (long)time.TotalMilliseconds);
        return ChangeReports.Of(await cloud.Api.KillAsync(request, cloud.UnaryOptions()));
    }

    private static Selection Unfinished() =>
        new() { Items = { new SelectionItem { Word = SelectionWord.Unfinished } } };

    /// <summary>Asks for confirmation on a terminal.</summary>
    private static async Task<bool> ConfirmsAsync(
        CommandProcess terminal,
        CloudConnection cloud,
        Selection jobs
    )
    {
        if (!terminal.InputIsTerminal || !terminal.ErrorIsTerminal)
            return true;
        var reply = await cloud.Api.StatusAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        var count = reply.Runs.Sum(static run => run.Count);
        if (count == 0)
            return true;
        terminal.Error.Write(
            $"Kill {(count == 1 ? "1 job" : $"all {count} unfinished jobs")}? [y/N] "
        );
        using var reader = new StreamReader(terminal.Input, leaveOpen: true);
        return reader.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
