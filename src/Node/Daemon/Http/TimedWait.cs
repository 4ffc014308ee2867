using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.PublicJson;

namespace JobCloud.Node.Daemon.Http;

/// <summary>A wait for jobs, at most for the <c>timeout</c> of its request.</summary>
internal static class TimedWait
{
    /// <summary>Waits until the jobs are as wanted, or the time is up.</summary>
    /// <returns>The last reply; if that does not end the wait, the refusal or the time that is
    /// up.</returns>
    public static async Task<(AwaitReply Last, Refusal? Refusal, TimeSpan? TimeUp)> MakeAsync(
        RouteRequest request,
        AwaitRequest message
    )
    {
        var limit = request.Query.Duration("timeout");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(request.Cancel);
        if (limit is { } time)
            late.CancelAfter(
                TimeSpan.FromMilliseconds(Math.Min(time.TotalMilliseconds, int.MaxValue))
            );
        var last = new AwaitReply();
        var refusal = await request.AnswerAsync(
            CloudCalls.Await,
            message,
            reply =>
            {
                last = reply;
                return ValueTask.CompletedTask;
            },
            late.Token
        );
        if (!last.Finished)
            request.Cancel.ThrowIfCancellationRequested();
        return (last, refusal, late.IsCancellationRequested ? limit : null);
    }

    /// <summary>The error of a wait whose goal the jobs cannot reach any more.</summary>
    public static HttpError ErrorOf(Refusal refusal) =>
        HttpError.Of(
            ErrorKinds.OfWait(refusal.Code),
            refusal.Message,
            refusal.Jid > 0 ? refusal.Jid : null
        );
}
