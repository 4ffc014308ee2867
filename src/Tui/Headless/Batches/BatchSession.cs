using Grpc.Core;
using JobCloud.Client.Connections;
using JobCloud.Client.Errors;
using JobCloud.Client.Jobs;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Wire;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Batches;

/// <summary>
/// Runs a batch over one stream. It sends requests as their lines arrive, with at most
/// <see cref="Window"/> of them unanswered, and buffers nothing while either side is idle. If the
/// node restarts, it opens a new stream and sends the unanswered requests again.
/// Lines are carried out in their order: consecutive submissions, and consecutive reads, travel
/// together, and any other line waits for the answers to those before it.
/// </summary>
/// <param name="files">The files that the line read last sends along.</param>
internal sealed class BatchSession(
    LineReader lines,
    BatchReader reader,
    BatchAnswers answers,
    OutgoingFiles files
)
{
    /// <summary>The maximum number of unanswered lines.</summary>
    public const int Window = 1000;

    private static readonly WriteOptions Buffered = new(WriteFlags.BufferHint);
    private static readonly WriteOptions Immediate = new();

    /// <summary>Held while a request is added and sent, so that a new stream sends each unanswered
    /// request exactly once.</summary>
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Null: the stream broke.</summary>
    private IClientStreamWriter<Request>? _stream;

    /// <summary>The newest requests, which are not sent yet: at most two.</summary>
    private readonly Queue<(ulong Tag, Request Request)> _held = new();
    private BatchStep _step;
    private bool _hasSentAll;

    /// <summary>Runs until the end of the input and the last answer.</summary>
    public async Task RunAsync(CloudConnection cloud)
    {
        cloud.Patience.WaitForNode();
        var outage = cloud.Patience.NewOutage();
        Task? sending = null;
        while (true)
        {
            using var call = cloud.Api.Session(cloud.StreamOptions());
            try
            {
                await _gate.WaitAsync();
                var receiving = ReceiveAsync(call, cloud.Patience.NewOutage(), outage);
                await AttachAsync(call.RequestStream);
                sending ??= SendAsync(cloud);
                // A line that cannot be read ends the batch, even if no answer is outstanding.
                if (await Task.WhenAny(receiving, sending) == sending)
                    await sending;
                await receiving;
                if (sending.IsCompleted && !answers.HasPending)
                    break;
                throw new RpcException(
                    new(StatusCode.Unavailable, "the node ended the session early")
                );
            }
            catch (RpcException failure)
            {
                await DetachAsync(call.RequestStream);
                if (sending is { IsCompletedSuccessfully: true } && !answers.HasPending)
                    break;
                if (!await outage.PassesAsync(failure, CancellationToken.None))
                    throw;
            }
        }
        await sending!;
        answers.Flush();
    }

    private async Task SendAsync(CloudConnection cloud)
    {
        var number = 0L;
        do
        {
            while (lines.TryNext(out var bytes))
            {
                number++;
                if (!bytes.Span.Trim("\r\t "u8).IsEmpty)
                    await SendAsync(cloud, reader.Read(bytes.Span, number));
            }
            await LockedAsync(ReleaseAsync);
            answers.Flush();
        } while (await lines.FillAsync());
        await LockedAsync(() =>
        {
            _hasSentAll = true;
            return _stream?.CompleteAsync() ?? Task.CompletedTask;
        });
    }

    private async Task SendAsync(CloudConnection cloud, BatchLine line)
    {
        if (await SendFilesAsync(cloud, line) is { } error)
            line = new BatchLine(line.Id) { Error = error };
        var step = BatchStep.Of(line);
        if (step.Waits(_step, answers.HighestJid))
            await SettleAsync();
        if (step.Kind != BatchStep.Kinds.None)
            _step = step;
        if (!answers.HasRoom)
            await LockedAsync(ReleaseAsync);
        if (line.Request?.Message is SubmitRequest submission)
            RequestIds.Repeatable(submission);
        await answers.RoomAsync();
        await LockedAsync(async () =>
        {
            var tag = answers.Add(line);
            if (line.Request is not { } request || _stream is null)
                return;
            if (_held.Count > 1)
                await WriteAsync(_held.Dequeue().Request, Buffered);
            _held.Enqueue((tag, request.Envelope(tag)));
        });
    }

    /// <summary>Sends the files of a line. An error becomes the answer to the line.</summary>
    private async Task<CommandError?> SendFilesAsync(CloudConnection cloud, BatchLine line)
    {
        try
        {
            if (line.Request?.Message is SubmitRequest { DryRun: false })
                await files.SendAsync(cloud);
            return null;
        }
        catch (RpcException failure) when (RefusalTrailer.Of(failure) is not null)
        {
            return CommandError.Of(RefusalTrailer.Of(failure)!);
        }
        catch (ClientErrorException failure)
        {
            return CommandError.Of(failure.Error);
        }
        finally
        {
            files.Forget();
        }
    }

    /// <summary>Sends on a new stream what has no answer. The gate is held, and is
    /// released.</summary>
    private async Task AttachAsync(IClientStreamWriter<Request> stream)
    {
        try
        {
            _stream = stream;
            _held.Clear();
            foreach (var request in answers.Unanswered())
                await WriteAsync(request, Immediate);
            if (_hasSentAll)
                await stream.CompleteAsync();
        }
        catch (Exception e) when (IsClosed(e))
        {
            // The receiver reports why.
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task DetachAsync(IClientStreamWriter<Request> stream)
    {
        await _gate.WaitAsync();
        if (_stream == stream)
            Forget();
        _gate.Release();
    }

    /// <summary>Acts while no other request is sent. What is not sent because the stream broke is
    /// sent on the next one.</summary>
    private async Task LockedAsync(Func<Task> act)
    {
        await _gate.WaitAsync();
        try
        {
            await act();
        }
        catch (Exception e) when (IsClosed(e))
        {
            Forget();
        }
        finally
        {
            _gate.Release();
        }
    }

    private static bool IsClosed(Exception e) => e is RpcException or InvalidOperationException;

    /// <summary>The stream broke: the next one sends all that has no answer.</summary>
    private void Forget()
    {
        _stream = null;
        _held.Clear();
    }

    /// <summary>Waits for the answers to all lines. The last one is sent when those before it have
    /// theirs, so that the last submission has the highest jid.</summary>
    private async Task SettleAsync()
    {
        var last = answers.Next;
        await LockedAsync(async () =>
        {
            if (_held.Count > 1)
                await WriteAsync(_held.Dequeue().Request, Immediate);
            if (_held.TryPeek(out var held))
                last = held.Tag;
        });
        await answers.WhenAnsweredAsync(last);
        await LockedAsync(ReleaseAsync);
        await answers.WhenAnsweredAsync(answers.Next);
    }

    /// <summary>Sends the held requests and all buffered ones.</summary>
    private async Task ReleaseAsync()
    {
        while (_held.TryDequeue(out var next))
            await WriteAsync(next.Request, _held.Count == 0 ? Immediate : Buffered);
    }

    private async Task WriteAsync(Request request, WriteOptions options)
    {
        if (_stream is not { } stream)
            return;
        stream.WriteOptions = options;
        await stream.WriteAsync(request);
    }

    private async Task ReceiveAsync(
        AsyncDuplexStreamingCall<Request, Reply> call,
        Patience.Outage busy,
        Patience.Outage outage
    )
    {
        var replies = call.ResponseStream;
        while (true)
        {
            var next = replies.MoveNext(CancellationToken.None);
            if (!next.IsCompleted)
                answers.Flush();
            if (!await next)
                return;
            outage.End();
            var reply = replies.Current;
            if (CallFailures.Of(reply.Refusal?.Code ?? default) != CallFailure.Final)
            {
                _ = RepeatAsync(call.RequestStream, reply, busy);
                continue;
            }
            busy.End();
            answers.AddReply(reply);
        }
    }

    /// <summary>Sends a request again that the node could not answer now.</summary>
    private async Task RepeatAsync(
        IClientStreamWriter<Request> stream,
        Reply reply,
        Patience.Outage busy
    )
    {
        var isPassing = await busy.PassesAsync(
            CallFailures.Of(reply.Refusal.Code),
            reply.Refusal.Message,
            CancellationToken.None
        );
        await LockedAsync(async () =>
        {
            // A new stream has sent it already.
            if (_stream != stream)
                return;
            if (!isPassing)
                answers.AddReply(reply);
            else if (answers.RequestOf(reply.Tag) is { } request)
                await WriteAsync(request, Immediate);
        });
    }
}
