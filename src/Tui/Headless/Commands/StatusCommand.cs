using System.CommandLine;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class StatusCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns = ["jid", "status"];
    private readonly Argument<Selection?> _jids = Arg.Jids();
    private readonly Option<bool> _expand = Opt.Flag(
        "--expand",
        "show one row for each job of a map"
    );

    public StatusCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_expand);
    }

    public static string CommandName => "status";
    public static string Summary => "Show the status of jobs; a map is one row.";

    public override string[] Examples =>
        ["jobcloud status 3,7,10-19", "jobcloud status last", "jobcloud status map:10 --expand"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new StatusRequest
        {
            Jobs = await call.JobsAsync(_jids),
            Fold = !call.Get(_expand),
        };
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.StatusAsync(request, cloud.UnaryOptions());
        // A node of an earlier version does not fold.
        IReadOnlyList<StatusRow> rows =
            reply.Rows.Count > 0 ? reply.Rows : [.. reply.Runs.Select(RowOf)];
        return new Report.Table(Columns, Rows(rows), () => StatusDocument.Of(reply));
    }

    private static StatusRow RowOf(StatusRun run)
    {
        var counts = new long[Statuses.Count];
        counts[(int)run.Status] = run.Count;
        return new StatusRow
        {
            First = run.First,
            Last = run.First + run.Count - 1,
            Counts = { counts },
        };
    }

    /// <summary>Created while the table is written.</summary>
    private static IEnumerable<TableCell[]> Rows(IReadOnlyList<StatusRow> rows)
    {
        foreach (var row in rows)
        {
            var status = StatusOf(row);
            var cell = TableCell.Status(status, First(row));
            if (IsFolded(row))
                yield return
                [
                    TableCell.Of(JidNotation.Print(JidRanges.Range(row.First, row.Last))),
                    cell,
                ];
            else
                for (var jid = row.First; jid <= row.Last; jid++)
                    yield return [TableCell.Of(jid), cell];
        }
    }

    private static bool IsFolded(StatusRow row) => row.IsMap && row.First < row.Last;

    /// <summary>The text of a row that is a map, or the status of all jobs of the row.</summary>
    private static string StatusOf(StatusRow row) =>
        IsFolded(row)
            ? JobRows.StatusOf(row.Counts, row.Last - row.First + 1)
            : StatusNames.Of(First(row));

    private static Status First(StatusRow row)
    {
        for (var status = 1; status < row.Counts.Count; status++)
            if (row.Counts[status] > 0)
                return (Status)status;
        return Status.Unspecified;
    }
}
