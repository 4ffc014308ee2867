using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class JoinCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Option<TimeSpan?> _timeout = Opt.Seconds(
        "--timeout",
        "maximum time to wait (default: no limit)",
        "-t"
    );
    private readonly Option<bool> _all = Opt.Flag("--all", "wait for all jobs even if one fails");
    private readonly Option<bool> _progress = Opt.Flag(
        "--progress",
        "show a progress bar on a terminal"
    );

    public JoinCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_timeout);
        Add(_all);
        Add(_progress);
    }

    public static string CommandName => "join";
    public static string Summary => "Wait until jobs finish; exit with 0 if all are done, else 3.";

    public override string[] Examples =>
        ["jobcloud join 10-19", "jobcloud join last --progress -t 60"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new AwaitRequest
        {
            Jobs = await call.JobsAsync(_jids),
            Mode = call.Get(_all) ? AwaitMode.All : AwaitMode.FirstBad,
        };
        using var cloud = await call.ConnectAsync();
        using var bar = call.Get(_progress) ? new ProgressBar(call.Terminal) : null;
        var last = new AwaitReply();
        var error = await JobWaits.EndAsync(
            call,
            cloud,
            request,
            call.Get(_timeout),
            reply =>
            {
                last = reply;
                bar?.Show(reply);
            }
        );
        return error is null ? new Report.Nothing(() => FinishedDocument.Of(last)) : error;
    }
}
