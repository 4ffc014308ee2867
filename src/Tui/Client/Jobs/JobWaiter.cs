using System.Runtime.CompilerServices;
using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Reasons;

namespace JobCloud.Client.Jobs;

/// <summary>Waits until jobs finish or reach a status, within a time limit. A wait survives any
/// restart of its node.</summary>
internal static class JobWaiter
{
    /// <summary>Pause before a wait that the node ended early is repeated.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Yields the messages of the node; the last one has <c>finished</c>. The time limit
    /// starts with the first message, so the status is known even with a limit of zero, or as soon
    /// as the node does not answer.</summary>
    /// <param name="timeUp">Creates the error for an expired limit; null reports how many jobs have
    /// not finished.</param>
    /// <exception cref="ClientErrorException">The time limit expired.</exception>
    public static async IAsyncEnumerable<AwaitReply> WatchAsync(
        CloudConnection cloud,
        AwaitRequest request,
        TimeSpan? limit,
        Func<AwaitReply, TimeSpan, ClientError>? timeUp = null,
        [EnumeratorCancellation] CancellationToken cancel = default
    )
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var hasBegun = 0;
        void Begin()
        {
            if (limit is { } time && Interlocked.Exchange(ref hasBegun, 1) == 0)
                cancellation.CancelAfter(time);
        }
        AwaitReply? latest = null;
        ClientError Expired() =>
            latest is null ? NoAnswer(limit!.Value) : (timeUp ?? TimeUp)(latest, limit!.Value);
        cloud.Patience.WaitForNode();
        cloud.Patience.OutageBegan += Begin;
        try
        {
            while (true)
            {
                using var call = cloud.Api.Await(request, cloud.StreamOptions(cancellation.Token));
                while (await NextAsync(call.ResponseStream, Expired, cancellation.Token, cancel))
                {
                    Begin();
                    latest = call.ResponseStream.Current;
                    yield return latest;
                    if (latest.Finished)
                        yield break;
                }
                await Task.Delay(Pause, cancel);
            }
        }
        finally
        {
            cloud.Patience.OutageBegan -= Begin;
        }
    }

    /// <summary>Waits until the end; returns null on success.</summary>
    public static async Task<ClientError?> EndAsync(
        CloudConnection cloud,
        AwaitRequest request,
        TimeSpan? limit,
        Action<AwaitReply>? progress = null,
        CancellationToken cancel = default
    )
    {
        await foreach (var reply in WatchAsync(cloud, request, limit, null, cancel))
        {
            progress?.Invoke(reply);
            if (reply.Finished)
                return Verdict(reply);
        }
        return null;
    }

    /// <summary>The error that the last message reports; null on success.</summary>
    public static ClientError? Verdict(AwaitReply last)
    {
        if (last.Refusal is { } refusal)
        {
            var refused = ClientError.Of(refusal);
            return refusal.Code == RefusalCode.Unspecified
                ? refused with
                {
                    Kind = ErrorKinds.BadEnd,
                }
                : refused;
        }
        return JobFailureText.Failures(last) is { } failures
            ? ClientError.JobFailure(failures)
            : null;
    }

    /// <summary>The error for an expired time limit on one job.</summary>
    /// <param name="missed">What the job did not do, such as "does not listen".</param>
    public static ClientError TimeUp(Jid jid, string missed, AwaitReply latest, TimeSpan limit) =>
        ClientError.Timeout(JobFailureText.TimeUp(jid, missed, latest, limit), jid);

    private static async Task<bool> NextAsync(
        IAsyncStreamReader<AwaitReply> stream,
        Func<ClientError> timeUp,
        CancellationToken cancellation,
        CancellationToken cancel
    )
    {
        try
        {
            return await stream.MoveNext(CancellationToken.None);
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            cancel.ThrowIfCancellationRequested();
            throw new ClientErrorException(timeUp());
        }
    }

    private static ClientError NoAnswer(TimeSpan limit) =>
        ClientError.Timeout(
            $"Timed out after {limit.TotalSeconds:0.###} s: the node does not answer."
        );

    private static ClientError TimeUp(AwaitReply latest, TimeSpan limit) =>
        ClientError.Timeout(JobFailureText.TimeUp(latest, limit));
}
