using System.CommandLine;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Options;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Commands;

internal sealed class ExplainCommand : CloudCommand, IListedCommand
{
    private readonly Argument<Selection?> _jid = Arg.Jid();

    public ExplainCommand()
        : base(CommandName, Summary) => Add(_jid);

    public static string CommandName => "explain";
    public static string Summary => "Explain why a job waits, for each node, or why it ended.";

    public override string[] Examples => ["jobcloud explain 7"];

    public override async Task<Report> RunAsync(Invocation call)
    {
        using var cloud = await call.ConnectAsync();
        var reply = await cloud.Api.ExplainAsync(
            new() { Jid = await call.JobAsync(cloud, _jid) },
            cloud.UnaryOptions()
        );
        var parts = Parts(reply);
        if (reply is { Status: Protocol.Status.Queued, Nodes.Count: > 0 })
            if (await ForecastOfAsync(reply.Jid, cloud) is { StartsAt: > 0 } forecast)
                parts.Insert(1, new Part.Text(TextOf(forecast, call)));
        return new Report.Document(parts, () => ExplainDocument.Of(reply));
    }

    /// <summary>The forecast; null: the node makes none now, or is of an earlier
    /// version.</summary>
    private static async Task<ForecastReply?> ForecastOfAsync(long jid, CloudConnection cloud)
    {
        try
        {
            return await cloud.Api.ForecastAsync(new() { Jid = jid }, cloud.UnaryOptions());
        }
        catch (RpcException)
        {
            return null;
        }
    }

    private static string TextOf(ForecastReply forecast, Invocation call) =>
        $"It is expected to start at about {call.InstantText(forecast.StartsAt)}. "
        + ForecastText.Basis(forecast);

    /// <summary>For example, <c>Job 7 is queued: no node has 8 cores free</c>.</summary>
    public static string TextOf(ExplainReply reply) =>
        $"Job {reply.Jid} is {StatusNames.Of(reply.Status)}: {reply.Summary}";

    private static List<Part> Parts(ExplainReply reply)
    {
        var parts = new List<Part> { new Part.Text(TextOf(reply)) };
        if (reply.Ahead > 0)
            parts.Add(new Part.Text($"{reply.Ahead} queued jobs are ahead of it."));
        if (reply.Nodes.Count > 0)
        {
            string[][] rows =
            [
                .. reply.Nodes.Select(static node =>
                    new[] { node.Node, node.FitsNow ? "yes" : "no", node.Why }
                ),
            ];
            parts.Add(new Part.Rows(["node", "fits now", "why"], rows));
        }
        if (reply.Dependencies.Count > 0)
        {
            string[][] rows =
            [
                .. reply.Dependencies.Select(static run =>
                    new[] { JidNotation.Print(JidRuns.RangeOf(run)), StatusNames.Of(run.Status) }
                ),
            ];
            parts.Add(new Part.Rows(["depends on", "status"], rows));
        }
        return parts;
    }
}
