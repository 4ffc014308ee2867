using System.Threading.Channels;
using Grpc.Core;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Api;

namespace JobCloud.Node.Daemon.Gateway.Server;

/// <summary>Answers many requests over one stream, each as soon as its reply is ready.</summary>
internal sealed class Sessions(Dispatcher calls, GatewaySettings settings)
{
    /// <param name="Written">Completed when the reply is written; null if nothing waits for
    /// that.</param>
    private readonly record struct Waiting(Reply Reply, TaskCompletionSource? Written);

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);

    public async Task RunAsync(
        IAsyncStreamReader<Request> incoming,
        IServerStreamWriter<Reply> replies,
        Identity by,
        CancellationToken cancel
    )
    {
        var answers = Channel.CreateBounded<Waiting>(
            new BoundedChannelOptions(settings.SessionRepliesWaiting) { SingleReader = true }
        );
        var writing = WriteAsync(answers.Reader, replies, cancel);
        try
        {
            await ReadAsync(incoming, answers.Writer, by, cancel);
            answers.Writer.Complete();
        }
        catch (Exception e)
        {
            // The stream broke: no one can receive further replies.
            answers.Writer.Complete(e);
        }
        await writing;
    }

    /// <summary>Returns when the client has no more requests and all have been answered.</summary>
    private async Task ReadAsync(
        IAsyncStreamReader<Request> incoming,
        ChannelWriter<Waiting> answers,
        Identity by,
        CancellationToken cancel
    )
    {
        using var slots = new SemaphoreSlim(settings.SessionRequestsInFlight);
        try
        {
            while (await incoming.MoveNext(cancel))
            {
                await slots.WaitAsync(cancel);
                _ = AnswerAsync(incoming.Current, answers, slots, by, cancel);
            }
        }
        finally
        {
            // Wait until every request has released its slot, whatever its outcome.
            for (var i = 0; i < settings.SessionRequestsInFlight; i++)
                await slots.WaitAsync(CancellationToken.None);
        }
    }

    private async Task AnswerAsync(
        Request request,
        ChannelWriter<Waiting> answers,
        SemaphoreSlim slots,
        Identity by,
        CancellationToken cancel
    )
    {
        try
        {
            await calls.AnswerAsync(
                request,
                by,
                reply => SendAsync(answers, reply, cancel),
                cancel
            );
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The client disconnected: no one can receive the reply.
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>Queues a reply. A streaming call waits until its reply is written, so that it has
    /// at most one in memory.</summary>
    private static async ValueTask SendAsync(
        ChannelWriter<Waiting> answers,
        Reply reply,
        CancellationToken cancel
    )
    {
        var written = reply.End
            ? null
            : new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await answers.WriteAsync(new Waiting(reply, written), cancel);
        if (written is not null)
            await written.Task.WaitAsync(cancel);
    }

    /// <summary>Writes all queued replies before it flushes: one system call for many
    /// replies.</summary>
    private static async Task WriteAsync(
        ChannelReader<Waiting> answers,
        IServerStreamWriter<Reply> replies,
        CancellationToken cancel
    )
    {
        while (await answers.WaitToReadAsync(cancel))
        while (answers.TryRead(out var next))
        {
            replies.WriteOptions = answers.TryPeek(out _) ? Buffered : WriteOptions.Default;
            await replies.WriteAsync(next.Reply, cancel);
            next.Written?.SetResult();
        }
    }
}
