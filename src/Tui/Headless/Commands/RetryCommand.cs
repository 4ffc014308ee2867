using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class RetryCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jids = Arg.Jids(required: false);
    private readonly Option<long?> _failedOf = new("--failed-of")
    {
        Description = "the failed jobs of the map that contains JID",
        HelpName = "JID",
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = static result => Arg.ReadJid(result, result.Tokens[0].Value),
    };

    public RetryCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_failedOf);
    }

    public static string CommandName => "retry";
    public static string Summary =>
        "Run failed jobs (error, killed or stalled) again as a new attempt.";

    public override string[] Examples => ["jobcloud retry 7", "jobcloud retry --failed-of 10"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var jobs = await call.OptionalJobsAsync(_jids);
        var map = call.Get(_failedOf);
        if (jobs is null == map is null)
            return CommandError.Usage("Use either JIDS or --failed-of JID.");
        using var cloud = await call.ConnectAsync();
        jobs ??= await FailedAsync(cloud, map!.Value);
        if (jobs.Items.Count == 0)
            return ChangeReports.Unchanged(
                $"No job of the map that contains job {map} has failed."
            );
        var reply = await cloud.Api.RetryAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        return ChangeReports.Of(reply, "Retried {0}", "unchanged");
    }

    private static async Task<Selection> FailedAsync(CloudConnection cloud, long map)
    {
        var whole = new Selection { Items = { new SelectionItem { MapOf = map } } };
        var reply = await cloud.Api.StatusAsync(new() { Jobs = whole }, cloud.UnaryOptions());
        var failed = new Selection();
        foreach (var run in reply.Runs)
        {
            if (run.Status is Status.Error or Status.Killed or Status.Stalled)
                failed.Items.Add(new SelectionItem { Range = JidRuns.RangeOf(run) });
        }
        return failed;
    }
}
