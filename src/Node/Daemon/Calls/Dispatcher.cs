using System.Diagnostics;
using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Answers the calls of every endpoint. Nothing that a client sends makes it
/// throw.</summary>
/// <param name="initial">The table of calls in use until the node is ready.</param>
internal sealed class Dispatcher(CallTable initial, RequestErrorMapper errors)
{
    private volatile CallTable _table = initial;

    public NodeMeters Meters { get; init; } = NodeMeters.None;

    /// <summary>Whether the node answers all calls now.</summary>
    public bool IsReady => _table.Find(CloudCalls.Submit) is not null;

    /// <summary>Replaces the table of calls.</summary>
    public void Use(CallTable table) => _table = table;

    /// <summary>Answers a serialized request.</summary>
    /// <returns>The refusal that ended the replies early, or null if they are complete.</returns>
    public async Task<Refusal?> AnswerAsync(
        string method,
        ReadOnlyMemory<byte> payload,
        Identity by,
        ReplyWriter write,
        CancellationToken cancel
    )
    {
        if (CloudCalls.Find(method) is not { } call)
            return Refuse(
                RefusalCode.NotSupported,
                $"This node does not support the request '{method}'; its version may differ from yours."
            );
        if (call.Type == MethodType.DuplexStreaming)
            return Refuse(RefusalCode.Usage, $"{method} requires its own connection.");
        return await AnswerAsync(
            call,
            () => call.TryParse(payload.Span, out var request) ? request : null,
            by,
            write,
            cancel
        );
    }

    /// <summary>Answers a request of another protocol.</summary>
    /// <returns>The refusal that ended the replies early, or null if they are complete.</returns>
    public Task<Refusal?> AnswerAsync(
        Call call,
        IMessage request,
        Identity by,
        ReplyWriter write,
        CancellationToken cancel
    ) => AnswerAsync(call, () => request, by, write, cancel);

    /// <summary>The refusal of a request that failed.</summary>
    public Refusal RefusalOf(Exception failure, CancellationToken cancel) =>
        errors.RefusalOf(failure, cancel);

    /// <param name="read">Reads the request, once it is known that it may be made; null: it is
    /// malformed.</param>
    private async Task<Refusal?> AnswerAsync(
        Call call,
        Func<IMessage?> read,
        Identity by,
        ReplyWriter write,
        CancellationToken cancel
    )
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await HandleAsync(call, read, by, write, cancel);
        Meters.Add(MetricCatalog.Requests, 1, call.Name, RefusalNames.Of(outcome));
        if (call.Type == MethodType.Unary)
            Meters.Record(
                MetricCatalog.RequestSeconds,
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                call.Name
            );
        return outcome;
    }

    private async Task<Refusal?> HandleAsync(
        Call call,
        Func<IMessage?> read,
        Identity by,
        ReplyWriter write,
        CancellationToken cancel
    )
    {
        var table = _table;
        if (AccessRules.Check(call, by.Role) is { } refusal)
            return refusal;
        if (table.Find(call) is not { } handler)
            return table.DefaultRefusal;
        if (read() is not { } request)
            return Refuse(RefusalCode.Usage, $"The request {call.Name} is malformed.");
        Refusal? outcome;
        try
        {
            outcome = errors.Explain(await handler(request, by, write, cancel));
        }
        catch (Exception e)
        {
            outcome = errors.RefusalOf(e, cancel);
        }
        // What a stopping node refuses, it may grant after its restart.
        return outcome is null || _table.Find(call) is not null ? outcome : _table.DefaultRefusal;
    }

    /// <summary>Finds the caller; a failure becomes a refusal too.</summary>
    public async ValueTask<Outcome<Identity>> IdentifyAsync(
        Func<CancellationToken, ValueTask<Outcome<Identity>>> find,
        CancellationToken cancel
    )
    {
        try
        {
            return await find(cancel);
        }
        catch (Exception e)
        {
            return errors.RefusalOf(e, cancel);
        }
    }

    /// <summary>Answers a request from an envelope. Each reply gets an envelope too, and the last
    /// one is marked as the end.</summary>
    public async Task AnswerAsync(
        Request request,
        Identity by,
        Func<Reply, ValueTask> send,
        CancellationToken cancel
    )
    {
        var isComplete = false;
        var refusal = await AnswerAsync(
            request.Method,
            request.Payload.Memory,
            by,
            (reply, last) =>
            {
                isComplete = last;
                return send(Envelope(new Reply { Payload = reply.ToByteString(), End = last }));
            },
            cancel
        );
        if (!isComplete)
            await send(Envelope(new Reply { Refusal = refusal, End = true }));

        Reply Envelope(Reply reply)
        {
            reply.Tag = request.Tag;
            return reply;
        }
    }

    /// <summary>Receives a content in one stream; counts as one <c>PutBlob</c>.</summary>
    public async Task<Outcome<BlobRef>> ReceiveAsync(
        IncomingBlob blob,
        Identity by,
        CancellationToken cancel
    )
    {
        var table = _table;
        Outcome<BlobRef> outcome =
            AccessRules.Check(CloudCalls.PutBlob, by.Role) is { } refusal ? refusal
            : table.Receiver is { } receive ? await receive(blob, by, cancel)
            : table.DefaultRefusal;
        Meters.Add(
            MetricCatalog.Requests,
            1,
            CloudCalls.PutBlob.Name,
            RefusalNames.Of(outcome.Refusal)
        );
        return outcome;
    }

    /// <summary>Serves a terminal until it ends. Refusals are sent as frames.</summary>
    public async Task ServeAsync(TerminalClientConnection client)
    {
        var table = _table;
        var refusal =
            AccessRules.Check(CloudCalls.Terminal, client.By.Role)
            ?? (table.Terminal is null ? table.DefaultRefusal : null);
        if (refusal is not null)
        {
            await RefuseAsync(client.Frames, refusal, client.Disconnected);
            return;
        }
        try
        {
            await table.Terminal!(client);
        }
        catch (Exception e) when (!client.Disconnected.IsCancellationRequested)
        {
            await SendAsync(
                client.Frames,
                errors.RefusalOf(e, client.Disconnected),
                client.Disconnected
            );
        }
    }

    /// <summary>Refuses a terminal before it is served.</summary>
    public static async Task RefuseAsync(
        IDuplexPipe frames,
        Refusal refusal,
        CancellationToken disconnected
    )
    {
        // Some clients lose a reply that arrives before they have sent their first frame.
        var request = await frames.Input.ReadAsync(disconnected);
        frames.Input.AdvanceTo(request.Buffer.End);
        await SendAsync(frames, refusal, disconnected);
    }

    private static async Task SendAsync(
        IDuplexPipe frames,
        Refusal refusal,
        CancellationToken disconnected
    )
    {
        frames.Output.WriteFrame(new FromTerminal { Refusal = refusal });
        await frames.Output.FlushAsync(disconnected);
    }

    /// <summary>The refusal of bytes that are no message of the protocol.</summary>
    public static Refusal Malformed() =>
        Refuse(RefusalCode.Usage, "The request is malformed; the client's version may differ.");

    private static Refusal Refuse(RefusalCode code, string message) => Refusals.Of(code, message);
}
