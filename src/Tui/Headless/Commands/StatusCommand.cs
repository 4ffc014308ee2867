using System.CommandLine;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class StatusCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns = ["jid", "status"];
    private readonly Argument<Selection?> _jids = Arg.Jids();

    public StatusCommand()
        : base(CommandName, Summary) => Add(_jids);

    public static string CommandName => "status";
    public static string Summary => "Show the status of jobs.";

    public override string[] Examples => ["jobcloud status 3,7,10-19", "jobcloud status last"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var jobs = await call.JobsAsync(_jids);
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.StatusAsync(new() { Jobs = jobs }, cloud.UnaryOptions());
        return TableOf(reply.Runs);
    }

    /// <summary>One row per job, created while the table is written.</summary>
    public static Report TableOf(IReadOnlyList<StatusRun> runs) =>
        new Report.Table("jobs", Columns, Rows(runs));

    private static IEnumerable<TableCell[]> Rows(IReadOnlyList<StatusRun> runs)
    {
        foreach (var run in runs)
        {
            var status = TableCell.Of(StatusNames.Of(run.Status));
            for (var i = 0L; i < run.Count; i++)
                yield return [TableCell.Of(run.First + i), status];
        }
    }
}
