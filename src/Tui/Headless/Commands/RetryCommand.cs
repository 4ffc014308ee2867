using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class RetryCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids(required: false);
    private readonly Option<Selection?> _failedOf = Opt.Jobs(
        "--failed-of",
        "JID",
        "the failed jobs of the map that contains JID, or of another selection such as last"
    );

    public RetryCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_failedOf);
    }

    public static string CommandName => "retry";
    public static string Summary =>
        "Run failed jobs again as a new attempt; stalled ones only after the job that they depend on.";

    public override string[] Examples => ["jobcloud retry 7", "jobcloud retry --failed-of 10"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var jobs = await call.OptionalJobsAsync(_jids);
        var map = call.Get(_failedOf);
        if (jobs is null == map is null)
            return CommandError.Usage("Use either JIDS or --failed-of JID.");
        using var cloud = await call.ConnectAsync();
        jobs ??= await FailedAsync(cloud, map!);
        if (jobs.Items.Count == 0)
            return ChangeReports.Unchanged(
                $"No job of {JidNotation.Print(WholeMap(map!))} has failed; nothing was retried."
            );
        var reply = await cloud.Api.RetryAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        return ChangeReports.Of(
            reply,
            "Retried {0}",
            "had not failed (only jobs in error, killed or stalled are run again)"
        );
    }

    /// <summary>The map of a jid; any other selection as it is.</summary>
    private static Selection WholeMap(Selection jobs) =>
        jobs.Items is [{ Range: { } range }] && range.First == range.Last
            ? new Selection { Items = { new SelectionItem { MapOf = range.First } } }
            : jobs;

    private static async Task<Selection> FailedAsync(CloudConnection cloud, Selection map)
    {
        var request = new StatusRequest { Jobs = WholeMap(map) };
        var reply = await cloud.Api.StatusAsync(request, cloud.UnaryOptions());
        var failed = new Selection();
        foreach (var run in reply.Runs)
        {
            if (run.Status is Status.Error or Status.Killed or Status.Stalled)
                failed.Items.Add(new SelectionItem { Range = JidRuns.RangeOf(run) });
        }
        return failed;
    }
}
