using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Submissions;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Client;
using JobCloud.Tui.Headless.Invocations;
using JobCloud.Tui.Headless.Jobs;
using JobCloud.Tui.Headless.Output;
using JobCloud.Tui.Headless.Processes;

namespace JobCloud.Tui.Headless.Commands;

/// <summary>Checks and sends submissions, and reports their outcome.</summary>
internal static class SubmissionSteps
{
    /// <summary>Every node accepts a request of this size.</summary>
    private const int SmallBytes = 60 << 10;

    /// <summary>At most so many bytes surround a request on the wire.</summary>
    private const int EnvelopeBytes = 256;

    /// <summary>An error that does not depend on the node's settings; null if there is
    /// none.</summary>
    public static CommandError? Check(SubmitRequest request)
    {
        var problems = SubmissionCheck.Check(request, SubmissionLimits.OfAnyNode(request.Spec));
        return problems.Count == 0
            ? null
            : CommandError.Of(problems[0]) with
            {
                ExitCode = CommandExitCodes.Usage,
            };
    }

    /// <summary>The place that jobs share with this process.</summary>
    /// <exception cref="CommandErrorException">The user's list of variables is
    /// malformed.</exception>
    public static SubmissionPlace PlaceOf(CommandProcess terminal, CloudConnection cloud)
    {
        var place = SubmissionPlaces.Of(
            new SubmissionSource(terminal),
            cloud.SocketPath is not null
        );
        return place.Ok
            ? place.Value
            : throw new CommandErrorException(CommandError.Usage(place.Error.Message));
    }

    /// <summary>Submits jobs.</summary>
    /// <exception cref="CommandErrorException">The node takes no request of this
    /// size.</exception>
    public static async Task<SubmitReply> SendAsync(
        CloudConnection cloud,
        SubmitRequest request,
        OutgoingFiles files
    )
    {
        RequestIds.Repeatable(request);
        if (request.CalculateSize() is > SmallBytes and var size)
            await CheckSizeAsync(cloud, size);
        if (request.DryRun)
            return await SubmitAsync(cloud, request);
        await files.SendAsync(cloud);
        try
        {
            return await SubmitAsync(cloud, request);
        }
        catch (RpcException refused)
            when (RefusalTrailer.Of(refused) is { Code: RefusalCode.NotFound }
                && SentContents.Blobs(request.Spec, request.Columns).Count > 0
            )
        {
            // The last job with one of these files was deleted in between.
            await files.SendAsync(cloud);
            return await SubmitAsync(cloud, request);
        }
    }

    private static async Task<SubmitReply> SubmitAsync(
        CloudConnection cloud,
        SubmitRequest request
    ) => await cloud.Api.SubmitAsync(request, cloud.UnaryOptions());

    /// <summary>A node closes the connection of a request that is too large before it has read all
    /// of it.</summary>
    private static async Task CheckSizeAsync(CloudConnection cloud, long size)
    {
        var status = await cloud.Api.NodeStatusAsync(new(), cloud.UnaryOptions());
        if (status.MessageMaxBytes is > 0 and var most && size + EnvelopeBytes > most)
            throw new CommandErrorException(
                new CommandError(
                    ErrorKinds.TooLarge,
                    $"The job has {Sizes.Print(size)}, more than the node accepts ({Sizes.Print(most)}, jobcloud.gateway.max-message-size); put long values into files, and send those along with @FILE."
                )
            );
    }

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
