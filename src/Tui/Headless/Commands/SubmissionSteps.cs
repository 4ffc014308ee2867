using JobCloud.Client.Connections;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Checks submissions and reports their outcome.</summary>
internal static class SubmissionSteps
{
    /// <summary>An error that does not depend on the node's settings; null if there is
    /// none.</summary>
    public static CommandError? Check(SubmitRequest request) =>
        SubmissionSender.Problem(request) is { } problem
            ? CommandError.Of(problem) with
            {
                ExitCode = CommandExitCodes.Usage,
            }
            : null;

    /// <summary>The report of a dry run.</summary>
    public static Report Checked(CommandProcess terminal, SubmitRequest request, SubmitReply reply)
    {
        var count = request.Count;
        terminal.Error.WriteLine(
            count == 1
                ? "The job is valid; it was not submitted."
                : $"The {count} jobs are valid; they were not submitted."
        );
        return new Report.Nothing(() => SubmittedDocument.Of(request, reply));
    }

    public static Report Submitted(SubmitRequest request, SubmitReply reply)
    {
        var jids = request.IsMap ? $"{reply.First}-{reply.Last}" : $"{reply.First}";
        return new Report.Values([jids], () => SubmittedDocument.Of(request, reply))
        {
            Done = request.IsMap ? $"Jobs {jids} were submitted." : $"Job {jids} was submitted.",
        };
    }

    /// <summary>Prints the jids, then waits until the jobs finish.</summary>
    public static async Task<Report> WaitAsync(
        CloudConnection cloud,
        SubmitReply reply,
        Report submitted,
        Invocation call
    )
    {
        try
        {
            ReportWriter.Write(submitted, call.Format, call.Terminal);
        }
        catch (OutputException failure)
        {
            var done = submitted is Report.Values { Done: { } sentence } ? $" {sentence}" : "";
            return CommandErrors.Unwritable(failure, done);
        }
        var range = JidRanges.Range(reply.First, reply.Last);
        var request = new AwaitRequest
        {
            Jobs = new Selection { Items = { new SelectionItem { Range = range } } },
            Mode = AwaitMode.FirstBad,
        };
        var error = await JobWaits.EndAsync(call, cloud, request, null);
        return error is null ? new Report.Ended(CommandExitCodes.Success) : error;
    }
}
