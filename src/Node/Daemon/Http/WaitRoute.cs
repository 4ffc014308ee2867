using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Node.Daemon.Http;

/// <summary>Waits for jobs.</summary>
internal static class WaitRoute
{
    public static async Task<HttpError?> AnswerAsync(RouteRequest request)
    {
        var jobs = request.Jobs;
        if (!jobs.Ok)
            return HttpError.Usage(jobs.Error.Message);
        var mode = request.Query.Flag("all") ? AwaitMode.All : AwaitMode.FirstBad;
        var (error, last) = await WaitAsync(request, jobs.Value, mode);
        if (error is null)
            await request.WriteAsync(FinishedDocument.Of(last));
        return error;
    }

    /// <summary>Waits until the jobs end or the time is over.</summary>
    /// <returns>The error, or null: all are done; and the last reply.</returns>
    public static async Task<(HttpError? Error, AwaitReply Last)> WaitAsync(
        RouteRequest request,
        Selection jobs,
        AwaitMode mode
    )
    {
        var (last, refusal, timeUp) = await TimedWait.MakeAsync(
            request,
            new AwaitRequest
            {
                Jobs = jobs,
                Mode = mode,
                Inside = request.Query.Number("inside") ?? 0,
            }
        );
        var error =
            last.Finished ? VerdictOf(last)
            : timeUp is { } limit
                ? HttpError.Of(ErrorKinds.Timeout, JobFailureText.TimeUp(last, limit))
            : HttpError.From(refusal);
        return (error, last);
    }

    private static HttpError? VerdictOf(AwaitReply last) =>
        last.Refusal is { } refusal ? TimedWait.ErrorOf(refusal)
        : JobFailureText.Failures(last) is { } failures ? HttpError.Of(ErrorKinds.BadEnd, failures)
        : null;
}
