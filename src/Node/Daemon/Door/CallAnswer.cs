using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Sends the replies to one request, no more chunks than the client has credit
/// for.</summary>
internal sealed class CallAnswer(long call, IActorRef client, IActorRef self, DoorPorts ports)
{
    private readonly SemaphoreSlim _credit = new(ports.Settings.PiecesAhead);
    private readonly CancellationTokenSource _cancelled = new();
    private int _number;

    /// <summary>Adds credit for further chunks.</summary>
    public void More(int chunks)
    {
        if (chunks > 0 && _credit.CurrentCount <= ports.Settings.PiecesAhead)
            _credit.Release(Math.Min(chunks, ports.Settings.PiecesAhead));
    }

    /// <summary>Cancels the rest of the reply.</summary>
    public void End() => _cancelled.Cancel();

    public async Task RunAsync(Request request, Identity by)
    {
        var refusal = await ports.Calls.AnswerAsync(
            request.Method,
            request.Payload.Memory,
            by,
            (reply, _) => new ValueTask(SendAsync(reply)),
            _cancelled.Token
        );
        Send(new Told { End = true, Refusal = refusal });
    }

    private async Task SendAsync(IMessage message)
    {
        foreach (var (chunk, last) in Pieces.Of(message, ports.Settings.MessageBytes))
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
