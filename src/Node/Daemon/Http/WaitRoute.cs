using JobCloud.Protocol;
using JobCloud.Protocol.Access;
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
        var limit = request.Query.Duration("timeout");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel);
        if (limit is { } time)
            late.CancelAfter(
                TimeSpan.FromMilliseconds(Math.Min(time.TotalMilliseconds, int.MaxValue))
            );
        var latest = new AwaitReply();
        var refusal = await request.AnswerAsync(
            CloudCalls.Await,
            new AwaitRequest
            {
                Jobs = jobs,
                Mode = mode,
                Inside = request.Query.Number("inside") ?? 0,
            },
            reply =>
            {
                latest = reply;
                return ValueTask.CompletedTask;
            },
            late.Token
        );
        if (latest.Finished)
            return (VerdictOf(latest), latest);
        request.Cancel.ThrowIfCancellationRequested();
        var error = late.IsCancellationRequested
            ? HttpError.Of(ErrorKinds.Timeout, JobFailureText.TimeUp(latest, limit!.Value))
            : HttpError.From(refusal);
        return (error, latest);
    }

    private static HttpError? VerdictOf(AwaitReply last) =>
        last.Refusal is { Code: RefusalCode.Unspecified } failed
            ? HttpError.Of(ErrorKinds.BadEnd, failed.Message, failed.Jid > 0 ? failed.Jid : null)
        : last.Refusal is { } refusal ? refusal
        : JobFailureText.Failures(last) is { } failures ? HttpError.Of(ErrorKinds.BadEnd, failures)
        : null;
}
