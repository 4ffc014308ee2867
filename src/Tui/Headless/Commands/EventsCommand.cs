using System.CommandLine;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;
using JobCloud.Protocol.Text;
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

    private readonly Option<int?> _tail = Opt.Number(
        "--tail",
        "N",
        "show only the last N past events",
        1
    );
    private readonly Option<string?> _since = Opt.Text(
        "--since",
        "TIME",
        "show only events since TIME: 10m (ten minutes ago) or 2026-11-22T15:04"
    );

    public EventsCommand()
        : base(CommandName, Summary)
    {
        Add(_jids);
        Add(_follow);
        Add(_tail);
        Add(_since);
    }

    public static string CommandName => "events";
    public static string Summary => "Show the history of jobs, newest last.";

    public override string[] Examples =>
        ["jobcloud events 7", "jobcloud events -f --tail 10", "jobcloud events --since 1h"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        var request = new EventsRequest
        {
            Jobs = await call.OptionalJobsAsync(_jids) ?? new Selection(),
            Follow = call.Get(_follow),
            Tail = call.Get(_tail) ?? 0,
        };
        if (call.Get(_since) is { } time)
        {
            var from = Instants.Parse(time, call.Now, call.OffsetAt(call.Now));
            if (!from.Ok)
                return CommandError.Usage($"--since: {from.Error.Message}");
        }
        using var cloud = await call.ConnectAsync();
        if (call.Get(_since) is { } since)
            request.Since = Math.Max(1, await call.InstantAsync(cloud, since));
        if (request.Follow)
            return await FollowAsync(cloud, request, call);
        var events = new List<JobEvent>();
        await foreach (var jobEvent in EventsAsync(cloud, request))
            events.Add(jobEvent);
        return new Report.Table(
            Columns,
            events.Select(jobEvent => Row(jobEvent, call)),
            () => EventsDocument.Of(events)
        );
    }

    /// <summary>The events that are of interest to users.</summary>
    private static async IAsyncEnumerable<JobEvent> EventsAsync(
        CloudConnection cloud,
        EventsRequest request
    )
    {
        if (request.Follow)
            cloud.Patience.WaitForNode();
        using var stream = new FollowedEvents(cloud, request);
        while (await stream.NextAsync() is { } events)
        {
            foreach (var jobEvent in events)
                if (EventText.Of(jobEvent) is not null)
                    yield return jobEvent;
        }
    }

    private static TableCell[] Row(JobEvent jobEvent, Invocation call)
    {
        var line = EventText.Of(jobEvent)!;
        return
        [
            TableCell.Of(Instants.Log(line.When, call.OffsetAt(line.When))),
            TableCell.Of(EventDocument.JidsOf(jobEvent)),
            TableCell.Of(line.What),
            TableCell.Of(line.By),
            TableCell.Of(line.Node),
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
        var lines = new EventLines(call.Format);
        if (call.Format == OutputFormat.Default)
            Write(call, EventLines.Bytes(lines.Heading(Columns)));
        await foreach (var jobEvent in EventsAsync(cloud, request))
            Write(
                call,
                call.IsJson
                    ? DocumentWriter.Line(EventDocument.Of(jobEvent)!)
                    : EventLines.Bytes(lines.Of(Row(jobEvent, call)))
            );
        return new Report.Ended(CommandExitCodes.Success);
    }

    private static void Write(Invocation call, ReadOnlySpan<byte> line)
    {
        call.Terminal.Output.Write(line);
        call.Terminal.Output.Flush();
    }
}
