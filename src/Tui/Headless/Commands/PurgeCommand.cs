using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Queries;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Purges finished jobs, some in each request.</summary>
internal sealed class PurgeCommand : CloudCommand, IListedCommand
{
    private readonly Argument<string[]> _query = Arg.Words(
        "QUERY",
        "the finished jobs to purge, as for ls; see 'jobcloud help query'",
        required: false
    );
    private readonly Option<TimeSpan?> _olderThan = Opt.Duration(
        "--older-than",
        "only jobs that finished at least this long ago, such as 30d"
    );
    private readonly Option<bool> _dryRun = Opt.Flag("--dry-run", "only say how many jobs match");
    private readonly Option<bool> _yes = Opt.Flag("--yes", "do not ask for confirmation", "-y");

    public PurgeCommand()
        : base(CommandName, Summary)
    {
        Add(_query);
        Add(_olderThan);
        Add(_dryRun);
        Add(_yes);
    }

    public static string CommandName => "purge";
    public static string Summary => "Delete all finished jobs that match; others stay.";

    public override string Details =>
        "Purges your jobs; an admin's purge reaches all jobs. Of each, jid, status, created, "
        + "finished and runtime stay.";

    public override string[] Examples =>
        ["jobcloud purge --older-than 30d", "jobcloud purge 'label~night status=done' --dry-run"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var words = call.Get(_query)!;
        var age = call.Get(_olderThan);
        if (words.Length == 0 && age is null)
            return CommandError.Usage(
                "Say which finished jobs to purge: a query, or --older-than 30d."
            );
        var query = await QueryWords.ReadAsync(call, words);
        if (!query.Ok)
            return CommandError.Usage(query.Error.Message);
        var bound = QueryBinder.Bind(query.Value, me: "", static _ => []);
        if (!bound.Ok)
            return CommandError.Usage(bound.Errors[0].Message);
        var request = new PurgeRequest { Query = QueryPrinter.Print(query.Value), DryRun = true };
        using var cloud = await call.ConnectAsync();
        if (age is { } past)
        {
            await cloud.LearnClockAsync();
            request.FinishedUntil = call.Now - (long)past.TotalMicroseconds;
        }
        if (call.Get(_dryRun))
            return Of(await RunAsync(cloud, request), isDry: true);
        if (!call.Get(_yes) && ChangeConfirmation.CanAsk(call))
        {
            var count = await RunAsync(cloud, request);
            if (count > 0 && !ChangeConfirmation.Confirms(call, "Purge", count))
                return ChangeConfirmation.Refused;
        }
        request.DryRun = false;
        return Of(await RunAsync(cloud, request), isDry: false);
    }

    private static async Task<long> RunAsync(CloudConnection cloud, PurgeRequest request)
    {
        var purged = 0L;
        var next = request.Clone();
        do
        {
            var reply = await cloud.Api.PurgeAsync(next, cloud.UnaryOptions());
            purged += reply.Purged;
            next.Before = reply.Next;
        } while (next.Before > 0);
        return purged;
    }

    private static Report.Nothing Of(long count, bool isDry) =>
        new(() => new ChangeDocument(count, isDry ? 0 : count))
        {
            Note =
                count == 0 ? "No finished job matches; nothing was changed."
                : isDry ? $"{ChangeReports.Jobs(count)} would be purged."
                : $"Purged {ChangeReports.Jobs(count)}.",
        };
}
