using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Sends the replies to one request, as many pieces as the client has asked for.</summary>
internal sealed class CallAnswer(long call, IActorRef client, IActorRef self, DoorPorts ports)
{
    private readonly SemaphoreSlim _credit = new(ports.Settings.PiecesAhead);
    private readonly CancellationTokenSource _ended = new();
    private int _number;

    /// <summary>The client takes so many pieces more.</summary>
    public void More(int pieces)
    {
        if (pieces > 0 && _credit.CurrentCount <= ports.Settings.PiecesAhead)
            _credit.Release(Math.Min(pieces, ports.Settings.PiecesAhead));
    }

    /// <summary>Nobody wants the rest.</summary>
    public void End() => _ended.Cancel();

    public async Task RunAsync(Request request, Identity by)
    {
        var refusal = await ports.Calls.AnswerAsync(
            request.Method,
            request.Payload.Memory,
            by,
            (reply, _) => new ValueTask(SendAsync(reply)),
            _ended.Token
        );
        Tell(new Told { End = true, Refusal = refusal });
    }

    private async Task SendAsync(IMessage message)
    {
        foreach (var (piece, last) in Pieces.Of(message, ports.Settings.MessageBytes))
        {
            await _credit.WaitAsync(_ended.Token);
            Tell(new Told { Piece = piece, Whole = last });
        }
    }

    private void Tell(Told told)
    {
        (told.Call, told.Number) = (call, _number++);
        client.Tell(told, self);
    }
}
