using System.CommandLine;
using System.Text;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class EventsCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns =
    [
        "time",
        "jids",
        "what",
        "by",
        "node",
        "attempt",
        "message",
    ];
    private readonly Argument<Selection?> _jids = Arg.Jids(required: false);
    private readonly Option<bool> _follow = Opt.Flag(
        "--follow",
        "keep printing new events (in JSON, one document per line)",
        "-f"
    );

    public EventsCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_follow);
    }

    public static string CommandName => "events";
    public static string Summary => "Show the history of jobs, newest last.";

    public override string[] Examples => ["jobcloud events 7", "jobcloud events -f"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new EventsRequest
        {
            Jobs = await call.OptionalJobsAsync(_jids) ?? new Selection(),
            Follow = call.Get(_follow),
        };
        using var cloud = await call.ConnectAsync();
        if (request.Follow)
            return await FollowAsync(cloud, request, call);
        var rows = new List<TableCell[]>();
        await foreach (var row in RowsAsync(cloud, request, call))
            rows.Add(row);
        return new Report.Table("events", Columns, rows);
    }

    private static async IAsyncEnumerable<TableCell[]> RowsAsync(
        CloudConnection cloud,
        EventsRequest request,
        Invocation call
    )
    {
        if (request.Follow)
            cloud.Patience.WaitForNode();
        using var stream = new FollowedEvents(cloud, request);
        while (await stream.NextAsync() is { } events)
        {
            foreach (var jobEvent in events)
                if (EventText.Of(jobEvent) is { } line)
                    yield return Row(jobEvent, line, call);
        }
    }

    private static TableCell[] Row(JobEvent jobEvent, EventLine line, Invocation call)
    {
        var last = jobEvent.Jid + Math.Max(1, jobEvent.Count) - 1;
        var time = call.IsJson
            ? Instants.Print(line.When, TimeSpan.Zero)
            : Instants.Log(line.When, call.OffsetAt(line.When));
        return
        [
            TableCell.Of(time),
            TableCell.Of(JidNotation.Print(JidRanges.Range(jobEvent.Jid, last))),
            TableCell.Of(line.What),
            TableCell.OrNone(line.By),
            TableCell.OrNone(line.Node),
            line.Attempt == 0 ? TableCell.None : TableCell.Of(line.Attempt),
            TableCell.Of(line.Message),
        ];
    }

    private static async Task<Report> FollowAsync(
        CloudConnection cloud,
        EventsRequest request,
        Invocation call
    )
    {
        await foreach (var row in RowsAsync(cloud, request, call))
        {
            using var line = new MemoryStream();
            if (call.IsJson)
                WriteJson(line, row);
            else
                line.Write(Encoding.UTF8.GetBytes(TextOf(row)));
            line.WriteByte((byte)'\n');
            call.Terminal.Output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
            call.Terminal.Output.Flush();
        }
        return new Report.Ended(CommandExitCodes.Success);
    }

    private static void WriteJson(Stream line, TableCell[] row)
    {
        using var json = ReportWriter.NewJson(line);
        json.WriteStartObject();
        json.WriteNumber("version", ReportWriter.JsonVersion);
        for (var i = 0; i < row.Length; i++)
        {
            json.WritePropertyName(Columns[i]);
            row[i].Write(json);
        }
        json.WriteEndObject();
    }

    /// <summary>Columns are not padded, because later rows are not known yet.</summary>
    private static string TextOf(TableCell[] row)
    {
        var texts = Array.ConvertAll(row, static cell => TextTable.OneLine(cell.Text));
        return string.Join("  ", texts.Where(static text => text.Length > 0));
    }
}
