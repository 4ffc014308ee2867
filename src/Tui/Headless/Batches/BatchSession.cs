using Grpc.Core;
using JobCloud.Protocol.Api;
using JobCloud.Tui.Headless.Client;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>
/// Runs a batch over one stream. It sends requests as their lines arrive, with at most
/// <see cref="Window"/> of them unanswered, and buffers nothing while either side is idle.
/// </summary>
internal sealed class BatchSession(LineReader lines, BatchReader reader, BatchAnswers answers)
{
    /// <summary>The maximum number of unanswered lines.</summary>
    public const int Window = 1000;

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);
    private static readonly WriteOptions Immediate = new();
    private Request? _held;

    /// <summary>Runs until the end of the input and the last answer.</summary>
    public async Task RunAsync(CloudConnection cloud)
    {
        using var call = cloud.Api.Session(cloud.StreamOptions());
        var receiving = ReceiveAsync(call.ResponseStream);
        var sending = SendAsync(call.RequestStream);
        // If the stream breaks, the sender would wait for room forever.
        if (await Task.WhenAny(receiving, sending) == receiving)
            await receiving;
        else
        {
            // The end of the stream explains more than the failed write.
            if (sending.IsFaulted)
                await receiving;
            await sending;
            await receiving;
        }
        if (answers.HasPending)
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
        var tag = await answers.AddAsync(line);
        if (line.Request is not { } request)
            return;
        if (_held is { } earlier)
            await WriteAsync(requests, earlier, Buffered);
        _held = request.Envelope(tag);
    }

    /// <summary>Sends the held request and all buffered ones.</summary>
    private async Task ReleaseAsync(IClientStreamWriter<Request> requests)
    {
        if (_held is not { } request)
            return;
        _held = null;
        await WriteAsync(requests, request, Immediate);
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
            answers.AddReply(replies.Current);
        }
    }
}
