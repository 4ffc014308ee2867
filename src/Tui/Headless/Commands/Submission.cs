using JobCloud.Protocol.Api;
using JobCloud.Protocol.Batches;
using JobCloud.Protocol.Submissions;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>What is said of a submission, before and after it.</summary>
internal static class Submission
{
    /// <summary>What is wrong with it whatever the node's settings are; null: nothing.</summary>
    public static Trouble? Check(SubmitRequest request)
    {
        var problems = SubmissionCheck.Check(request, SubmissionLimits.OfAnyNode(request.Spec));
        return problems.Count == 0
            ? null
            : Trouble.Of(problems[0]) with
            {
                ExitCode = ExitCodes.Usage,
            };
    }

    /// <summary>Submits. With a token of its own it is safe to ask again when the node went
    /// away.</summary>
    public static async Task<SubmitReply> SendAsync(CloudConnection cloud, SubmitRequest request)
    {
        if (request.RequestId.Length == 0 && !request.DryRun)
            request.RequestId = Guid.NewGuid().ToString("N");
        return await cloud.Api.SubmitAsync(request, cloud.Request());
    }

    /// <summary>The report of a dry run.</summary>
    public static Report Checked(Terminal terminal, long count)
    {
        terminal.Error.WriteLine(
            count == 1
                ? "The job could be submitted; nothing was."
                : $"The {count} jobs could be submitted; nothing was."
        );
        return new Report.Nothing(json =>
        {
            json.WriteBoolean("dry_run", true);
            json.WriteNumber("count", count);
        });
    }

    public static Report Submitted(SubmitReply reply, bool isMap)
    {
        var range = JidRanges.Range(reply.First, reply.Last);
        return isMap
            ? new Report.Values(
                [$"{reply.First}-{reply.Last}"],
                json =>
                {
                    json.WriteNumber("first", reply.First);
                    json.WriteNumber("last", reply.Last);
                    json.WriteNumber("count", reply.Last - reply.First + 1);
                }
            )
            : new Report.Values([Jids.Print(range)], json => json.WriteNumber("jid", reply.First));
    }

    /// <summary>Says what was submitted, then waits for its end.</summary>
    public static async Task<Report> WaitAsync(
        CloudConnection cloud,
        SubmitReply reply,
        Report submitted,
        Invocation call
    )
    {
        ReportWriter.Write(submitted, call.Format, call.Terminal);
        var range = JidRanges.Range(reply.First, reply.Last);
        var request = new AwaitRequest
        {
            Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            Mode = AwaitMode.FirstBad,
        };
        var trouble = await Waiting.EndAsync(cloud, request, null);
        return trouble is null ? new Report.Ended(ExitCodes.Success) : trouble;
    }
}
