using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>
/// One stream for a whole batch: lines go out as they come, up to a window of unanswered ones, and
/// nothing waits in a buffer while either side is idle.
/// </summary>
internal sealed class BatchSession(LineSource lines, BatchReader reader, BatchAnswers answers)
{
    /// <summary>Lines whose answers may be outstanding.</summary>
    public const int Window = 1000;

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);
    private static readonly WriteOptions AtOnce = new();
    private Request? _held;

    /// <summary>Runs to the end of the input and the last answer.</summary>
    public async Task RunAsync(CloudConnection cloud)
    {
        using var call = cloud.Api.Session(cloud.Stream());
        var receiving = ReceiveAsync(call.ResponseStream);
        var sending = SendAsync(call.RequestStream);
        // When the stream breaks, nobody makes room for the sender any more.
        if (await Task.WhenAny(receiving, sending) == receiving)
            await receiving;
        else
        {
            // That a write failed says less than how the stream ended.
            if (sending.IsFaulted)
                await receiving;
            await sending;
            await receiving;
        }
        if (answers.AreAwaited)
            throw new RpcException(new Status(StatusCode.Unavailable, "the session ended early"));
        await sending;
        answers.Flush();
    }

    private async Task SendAsync(IClientStreamWriter<Request> requests)
    {
        var number = 0L;
        do
        {
            while (lines.TryNext(out var bytes))
            {
                number++;
                if (!bytes.Span.Trim("\r\t "u8).IsEmpty)
                    await SendAsync(requests, reader.Read(bytes.Span, number));
            }
            await ReleaseAsync(requests);
            answers.Flush();
        } while (await lines.FillAsync());
        await requests.CompleteAsync();
    }

    private async Task SendAsync(IClientStreamWriter<Request> requests, BatchLine line)
    {
        if (!answers.HasRoom)
            await ReleaseAsync(requests);
        var tag = await answers.EnterAsync(line);
        if (line.Request is not { } request)
            return;
        if (_held is { } earlier)
            await WriteAsync(requests, earlier, Buffered);
        _held = request.Envelope(tag);
    }

    /// <summary>Sends the request held back, and with it all that is buffered.</summary>
    private async Task ReleaseAsync(IClientStreamWriter<Request> requests)
    {
        if (_held is not { } request)
            return;
        _held = null;
        await WriteAsync(requests, request, AtOnce);
    }

    private static Task WriteAsync(
        IClientStreamWriter<Request> requests,
        Request request,
        WriteOptions options
    )
    {
        requests.WriteOptions = options;
        return requests.WriteAsync(request);
    }

    private async Task ReceiveAsync(IAsyncStreamReader<Reply> replies)
    {
        while (true)
        {
            var next = replies.MoveNext(CancellationToken.None);
            if (!next.IsCompleted)
                answers.Flush();
            if (!await next)
                return;
            answers.Take(replies.Current);
        }
    }
}
