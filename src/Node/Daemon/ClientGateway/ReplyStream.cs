using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.ClientGateway;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>Sends the replies to one request, no more chunks than the client has credit
/// for.</summary>
internal sealed class ReplyStream(
    long call,
    IActorRef client,
    IActorRef self,
    ClientGatewayDependencies ports
)
{
    private readonly SemaphoreSlim _credit = new(ports.Settings.ChunksAhead);
    private readonly CancellationTokenSource _cancelled = new();
    private volatile Refusal? _why;
    private int _number;

    /// <summary>Adds credit for further chunks.</summary>
    public void AddCredit(int chunks)
    {
        if (chunks > 0 && _credit.CurrentCount <= ports.Settings.ChunksAhead)
            _credit.Release(Math.Min(chunks, ports.Settings.ChunksAhead));
    }

    /// <summary>Cancels the rest of the reply.</summary>
    /// <param name="why">What to tell the client.</param>
    public void Cancel(Refusal? why = null)
    {
        _why ??= why;
        _cancelled.Cancel();
    }

    public async Task RunAsync(Request request, Identity by)
    {
        var refusal = await ports.Dispatcher.AnswerAsync(
            request.Method,
            request.Payload.Memory,
            by,
            (reply, _) => new ValueTask(SendAsync(reply)),
            _cancelled.Token
        );
        Send(new Told { End = true, Refusal = _why ?? refusal });
    }

    private async Task SendAsync(IMessage message)
    {
        foreach (var (chunk, last) in MessageChunks.Of(message, ports.Settings.MessageBytes))
        {
            await _credit.WaitAsync(_cancelled.Token);
            Send(new Told { Piece = chunk, Whole = last });
        }
    }

    private void Send(Told reply)
    {
        (reply.Call, reply.Number) = (call, _number++);
        client.Tell(reply, self);
    }
}
