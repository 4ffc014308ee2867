using Google.Protobuf;
using Grpc.Core;
using JobCloud.Protocol;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Answers calls, by whatever way they came. Nothing that a client sends makes it
/// throw.</summary>
/// <param name="first">What is answered until the node is ready.</param>
internal sealed class Dispatcher(CallTable first, Doorkeeper doorkeeper)
{
    private volatile CallTable _now = first;

    /// <summary>What is answered from now on.</summary>
    public void Use(CallTable table) => _now = table;

    /// <summary>Answers a request that came as bytes.</summary>
    /// <returns>Why the replies end early; null: they are complete.</returns>
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
                $"This node does not support the request '{method}'; it may be of another version."
            );
        if (call.Type == MethodType.DuplexStreaming)
            return Refuse(RefusalCode.Usage, $"{method} requires a connection of its own.");
        var table = _now;
        if (AccessRules.Judge(call, by.Role) is { } refusal)
            return refusal;
        if (table.Find(call) is not { } handler)
            return table.Otherwise;
        if (!call.TryParse(payload.Span, out var request))
            return Refuse(RefusalCode.Usage, $"The request {method} is malformed.");
        try
        {
            return await handler(request, by, write, cancel);
        }
        catch (Exception e)
        {
            return doorkeeper.Unexpected(e, cancel);
        }
    }

    /// <summary>Answers a request in its envelope: every reply in an envelope, the last one
    /// marked.</summary>
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

    /// <summary>Serves a terminal to its end; a refusal is a frame like any other.</summary>
    public async Task ServeAsync(TerminalCaller client)
    {
        var table = _now;
        var refusal =
            AccessRules.Judge(CloudCalls.Terminal, client.By.Role)
            ?? (table.Terminal is null ? table.Otherwise : null);
        if (refusal is not null)
        {
            // Some clients lose an answer that comes before they have said what they want.
            var asked = await client.Frames.Input.ReadAsync(client.Gone);
            client.Frames.Input.AdvanceTo(asked.Buffer.End);
            await RefuseAsync(client, refusal);
            return;
        }
        try
        {
            await table.Terminal!(client);
        }
        catch (Exception e) when (!client.Gone.IsCancellationRequested)
        {
            await RefuseAsync(client, doorkeeper.Unexpected(e, client.Gone));
        }
    }

    private static async Task RefuseAsync(TerminalCaller client, Refusal refusal)
    {
        client.Frames.Output.WriteFrame(new FromTerminal { Refusal = refusal });
        await client.Frames.Output.FlushAsync(client.Gone);
    }

    private static Refusal Refuse(RefusalCode code, string message) =>
        Refusals.Of(code, 0, message);
}
