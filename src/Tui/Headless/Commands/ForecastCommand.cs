using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ForecastCommand : CloudCommand, IListedCommand
{
    private static readonly string[] Columns =
    [
        "jids",
        "queued",
        "starts",
        "last_starts",
        "ends",
        "runtime",
        "basis",
        "unknown",
        "label",
        "command",
    ];

    /// <summary>Of what a narrow terminal leaves out, the least important first.</summary>
    private static readonly string[] Expendable = ["basis", "label", "last_starts", "runtime"];

    public ForecastCommand()
        : base(CommandName, Summary) { }

    public static string CommandName => "forecast";
    public static string Summary => "Show when queued jobs are expected to start.";

    public override string[] Examples => ["jobcloud forecast", "jobcloud forecast -o json"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.ForecastAsync(new(), cloud.UnaryOptions());
        return new Report.Table(
            Columns,
            [.. reply.Jobs.Select(jobs => Row(jobs, call))],
            () => ForecastDocument.Of(reply)
        )
        {
            Expendable = Expendable,
            Note = NoteOf(reply, call),
        };
    }

    private static string NoteOf(ForecastReply reply, Invocation call)
    {
        var basis = ForecastText.Basis(reply);
        return ForecastText.Summary(reply, call.InstantText) + (basis == "" ? "" : $"\n{basis}");
    }

    private static TableCell[] Row(ForecastJobs jobs, Invocation call) =>
        [
            TableCell.Of(JidNotation.Print(JidRanges.Range(jobs.First, jobs.Last))),
            TableCell.Of(jobs.Jobs),
            call.Instant(jobs.StartsFrom),
            call.Instant(jobs.StartsUntil),
            call.Instant(jobs.EndsAt),
            jobs.RuntimeUs > 0
                ? TableCell.Of(Durations.Print(TimeSpan.FromMicroseconds(jobs.RuntimeUs)))
                : TableCell.None,
            TableCell.Of(ForecastText.Basis(jobs)),
            TableCell.Of(jobs.Unforeseen),
            TableCell.Of(jobs.Label),
            TableCell.Of(jobs.Command),
        ];
}
