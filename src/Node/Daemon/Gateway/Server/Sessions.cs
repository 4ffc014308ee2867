using System.Threading.Channels;
using Grpc.Core;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Answers many requests over one stream, each as soon as it is known.</summary>
public sealed class Sessions(
    CurrentRequests requests,
    Doorkeeper doorkeeper,
    GatewaySettings settings
)
{
    private static readonly WriteOptions Gather = new(WriteFlags.BufferHint);

    public async Task RunAsync(
        IAsyncStreamReader<Request> incoming,
        IServerStreamWriter<Reply> replies,
        Identity by,
        CancellationToken cancel
    )
    {
        var answers = Channel.CreateBounded<Reply>(
            new BoundedChannelOptions(settings.SessionAnswersWaiting) { SingleReader = true }
        );
        var writing = WriteAsync(answers.Reader, replies, cancel);
        try
        {
            await ReadAsync(incoming, answers.Writer, by, cancel);
            answers.Writer.Complete();
        }
        catch (Exception e)
        {
            // The stream broke: what still comes in has nobody to go to.
            answers.Writer.Complete(e);
        }
        await writing;
    }

    /// <summary>Returns when the client has no more requests and all have been answered.</summary>
    private async Task ReadAsync(
        IAsyncStreamReader<Request> incoming,
        ChannelWriter<Reply> answers,
        Identity by,
        CancellationToken cancel
    )
    {
        using var places = new SemaphoreSlim(settings.SessionRequestsInFlight);
        try
        {
            while (await incoming.MoveNext(cancel))
            {
                await places.WaitAsync(cancel);
                _ = AnswerAsync(incoming.Current, answers, places, by, cancel);
            }
        }
        finally
        {
            // Each request gives its place back, whatever became of it.
            for (var i = 0; i < settings.SessionRequestsInFlight; i++)
                await places.WaitAsync(CancellationToken.None);
        }
    }

    private async Task AnswerAsync(
        Request request,
        ChannelWriter<Reply> answers,
        SemaphoreSlim places,
        Identity by,
        CancellationToken cancel
    )
    {
        try
        {
            Reply reply;
            try
            {
                reply = await SessionRequests.AnswerAsync(requests.Now, request, by, cancel);
            }
            catch (Exception e)
            {
                reply = new Reply { Refusal = doorkeeper.Unexpected(e, cancel) };
            }
            reply.Tag = request.Tag;
            await answers.WriteAsync(reply, cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The client has gone; nobody waits for the answer.
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Writes what there is and only then flushes: one system call for many answers.</summary>
    private static async Task WriteAsync(
        ChannelReader<Reply> answers,
        IServerStreamWriter<Reply> replies,
        CancellationToken cancel
    )
    {
        while (await answers.WaitToReadAsync(cancel))
        while (answers.TryRead(out var reply))
        {
            replies.WriteOptions = answers.TryPeek(out _) ? Gather : WriteOptions.Default;
            await replies.WriteAsync(reply, cancel);
        }
    }
}
