using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class LsCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Expendable = ["node", "created", "runtime", "label"];
    private static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(1);

    private readonly Argument<string[]> _query = Arg.Words(
        "QUERY",
        "JIDS as in other commands, or conditions such as status=error label~night; "
            + "see 'jobcloud help query'",
        required: false
    );
    private readonly Option<string?> _status = Opt.Text(
        "--status",
        "STATUS",
        "only jobs in these statuses, separated by commas",
        "-s"
    );
    private readonly Option<string?> _label = Opt.Text(
        "--label",
        "TEXT",
        "only jobs with this label",
        "-l"
    );
    private readonly Option<string?> _since = Opt.Text(
        "--since",
        "TIME",
        "only jobs submitted since TIME: 2h (two hours ago) or 2026-11-22T15:04"
    );
    private readonly Option<int?> _limit = Opt.Number(
        "--limit",
        "N",
        "maximum number of rows (default 50)",
        1,
        "-n"
    );
    private readonly Option<string?> _sort = Opt.Text(
        "--sort",
        "FIELDS",
        "fields to sort by; -FIELD sorts in reverse"
    );
    private readonly Option<string?> _columns = Opt.Text(
        "--columns",
        "FIELDS",
        $"columns to show (default {JobRows.DefaultColumns})"
    );
    private readonly Option<bool> _deleted = Opt.Flag(
        "--deleted",
        "list deleted jobs instead, with the facts that are kept: jid, status, created, finished, runtime"
    );
    private readonly Option<bool> _expand = Opt.Flag(
        "--expand",
        "show one row for each job of a map"
    );
    private readonly Option<string?> _at = Opt.Text(
        "--at",
        "TIME",
        "list the jobs as they were at TIME: 2h (two hours ago) or 2026-11-22T15:04; "
            + "jobs that were deleted since are missing"
    );
    private readonly Option<bool> _watch = Opt.Flag(
        "--watch",
        "redraw the list every second",
        "-w"
    );

    public LsCommand()
        : base(CommandName, Summary)
    {
        Option[] options =
        [
            _status,
            _label,
            _since,
            _limit,
            _sort,
            _columns,
            _expand,
            _deleted,
            _at,
            _watch,
        ];
        Add(_query);
        foreach (var option in options)
            Add(option);
        _status.CompletionSources.Add([.. StatusNames.All]);
    }

    public static string CommandName => "ls";
    public static string Summary => "List jobs, newest first; a map is one row.";

    public override string Details => $"Fields: {string.Join(", ", RowFields.Names)}.";

    public override string[] Examples =>
        [
            "jobcloud ls 3,7-9",
            "jobcloud ls map:10 --expand",
            "jobcloud ls --status queued,processing",
            "jobcloud ls 'label~night created>2h sort=-runtime'",
            "jobcloud ls --columns jid,reason --status error",
            "jobcloud ls --at 2h --status processing",
        ];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var text = await ReadQueryAsync(call);
        if (!text.Ok)
            return CommandError.Usage(text.Error.Message);
        var deleted = call.Get(_deleted);
        var fields = Fields(
            call.Get(_columns) ?? (deleted ? JobRows.DeletedColumns : JobRows.DefaultColumns)
        );
        if (!fields.Ok)
            return CommandError.Usage(fields.Error.Message);
        var request = new ListRequest
        {
            Query = text.Value,
            Limit = call.Get(_limit) ?? 0,
            Expand = call.Get(_expand),
            Deleted = deleted,
        };
        if (call.Get(_watch) && !call.Terminal.OutputIsTerminal)
            return CommandError.Usage("--watch redraws the list and requires a terminal.");
        if (ProblemOfPast(call) is { } problem)
            return CommandError.Usage(problem);

        using var cloud = await call.ConnectAsync();
        if (call.Get(_at) is { } time)
            request.AsOf = Math.Max(1, await call.InstantAsync(cloud, time));
        if (call.Get(_watch))
            await WatchAsync(cloud, request, fields.Value, call);
        var reply = await cloud.Api.ListAsync(request, cloud.UnaryOptions());
        if (reply.Rows.Count == 0 && call.Format is OutputFormat.Default or OutputFormat.NoHeader)
            call.Terminal.Error.WriteLine(Nothing(request));
        return TableOf(reply, fields.Value, call, request.AsOf);
    }

    /// <summary>Why the past cannot be listed; null: it can, or is not asked for.</summary>
    private string? ProblemOfPast(Invocation call)
    {
        if (call.Get(_at) is not { } time)
            return null;
        if (call.Get(_watch))
            return "--at and --watch exclude each other: the past does not change.";
        if (call.Get(_deleted))
            return "--at and --deleted exclude each other: deleted jobs are listed as they are now.";
        var instant = Instants.Parse(time, call.Now, call.OffsetAt(call.Now));
        return instant.Ok ? null : $"--at: {instant.Error.Message}";
    }

    private static string Nothing(ListRequest request) =>
        request switch
        {
            { AsOf: > 0, Query.Length: 0 } => "No job that is still known was submitted by then.",
            { Query.Length: > 0 } => "No job matches.",
            { Deleted: true } => "No job was deleted.",
            _ => "There are no jobs yet; 'jobcloud exec COMMAND' submits one.",
        };

    /// <param name="asOf">The earlier instant that is listed; 0: none.</param>
    private Report TableOf(ListReply reply, RowField[] fields, Invocation call, long asOf = 0)
    {
        // Columns that the user named stay.
        var isDefault = call.Get(_columns) is null;
        var now = asOf > 0 ? asOf : call.Now;
        var rows = new List<TableCell[]>(reply.Rows.Count);
        foreach (var row in reply.Rows)
            rows.Add(
                Array.ConvertAll(fields, field => JobRows.CellOf(field, row, now, call.Instant))
            );
        return new Report.Table(
            Array.ConvertAll(fields, static f => f.Name),
            rows,
            () => ListDocument.Of(reply, now, asOf)
        )
        {
            Expendable = isDefault ? Expendable : [],
            Note = NoteOf(reply, call, asOf),
        };
    }

    private static string? NoteOf(ListReply reply, Invocation call, long asOf)
    {
        var past =
            asOf > 0
                ? $"This is the past, as of {Instants.Short(asOf, call.OffsetAt(asOf))}; "
                    + "jobs that were deleted since are missing."
                : null;
        var more = reply.Truncated ? "More jobs match; use --limit N to list more." : null;
        return (past, more) is ({ }, { }) ? $"{past} {more}" : past ?? more;
    }

    /// <summary>Redraws the list until the user stops the command.</summary>
    private async Task WatchAsync(
        CloudConnection cloud,
        ListRequest request,
        RowField[] fields,
        Invocation call
    )
    {
        cloud.Patience.WaitForNode();
        while (true)
        {
            var reply = await cloud.Api.ListAsync(request, cloud.UnaryOptions());
            call.Terminal.Output.Write("\u001b[H\u001b[2J"u8);
            ReportWriter.Write(TableOf(reply, fields, call), OutputFormat.Default, call.Terminal);
            await Task.Delay(WatchEvery, call.Terminal.Clock);
        }
    }

    /// <summary>Combines the words and the options into one query.</summary>
    private async Task<Parsed<string>> ReadQueryAsync(Invocation call)
    {
        var parsed = await QueryWords.ReadAsync(call, call.Get(_query)!);
        if (!parsed.Ok)
            return parsed.Error;
        var conditions = new List<QueryNode>();
        if (parsed.Value.Filter is { } written)
            conditions.Add(written);
        if (call.Get(_status) is { } words)
            conditions.Add(Compare("status", QueryOperator.Equal, words.Split(',')));
        if (call.Get(_label) is { } name)
            conditions.Add(Compare("label", QueryOperator.Equal, name));
        if (call.Get(_since) is { } text)
        {
            var instant = Instants.Parse(text, call.Now, call.OffsetAt(call.Now));
            if (!instant.Ok)
                return instant.Error with { Message = $"--since: {instant.Error.Message}" };
            // The node counts back from its own clock.
            var from = Durations.Parse(text).Ok
                ? text
                : Instants.Print(instant.Value, TimeSpan.Zero);
            conditions.Add(Compare("created", QueryOperator.GreaterOrEqual, from));
        }
        var whole = parsed.Value with
        {
            Filter =
                conditions.Count > 1 ? new QueryNode.All(conditions) : conditions.FirstOrDefault(),
            Sort = call.Get(_sort) is { } keys ? SortKeys(keys) : parsed.Value.Sort,
        };
        var bound = QueryBinder.Bind(whole, me: "", static _ => []);
        return bound.Ok ? QueryPrinter.Print(whole) : bound.Errors[0];
    }

    private static QueryNode.Comparison Compare(
        string field,
        QueryOperator comparison,
        params string[] values
    ) =>
        new(
            new QueryText(field),
            comparison,
            Array.ConvertAll(values, static value => new QueryText(value.Trim()))
        );

    private static SortKey[] SortKeys(string text) =>
        Array.ConvertAll(
            text.Split(','),
            static key => new SortKey(new QueryText(key.TrimStart('-')), key.StartsWith('-'))
        );

    private static Parsed<RowField[]> Fields(string text)
    {
        var names = text.Split(',');
        var fields = new RowField[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (RowFields.Find(names[i].Trim()) is { } field)
            {
                fields[i] = field;
                continue;
            }
            var hint = Suggestions.Hint(names[i], RowFields.Names);
            return new TextError(0, 0, $"--columns: unknown field '{names[i]}': {hint}");
        }
        return fields;
    }
}
