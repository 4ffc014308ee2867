using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Sends the replies to one request, as many pieces as the client has asked for.</summary>
internal sealed class CallAnswer(long call, IActorRef client, IActorRef self, DoorPorts ports)
{
    private readonly SemaphoreSlim credit = new(ports.Settings.PiecesAhead);
    private readonly CancellationTokenSource ended = new();
    private int number;

    /// <summary>The client takes so many pieces more.</summary>
    public void More(int pieces)
    {
        if (pieces > 0 && credit.CurrentCount <= ports.Settings.PiecesAhead)
            credit.Release(Math.Min(pieces, ports.Settings.PiecesAhead));
    }

    /// <summary>Nobody wants the rest.</summary>
    public void End() => ended.Cancel();

    public async Task RunAsync(Request request, Identity by)
    {
        var refusal = await ports.Calls.AnswerAsync(
            request.Method,
            request.Payload.Memory,
            by,
            (reply, _) => new ValueTask(SendAsync(reply)),
            ended.Token
        );
        Tell(new Told { End = true, Refusal = refusal });
    }

    private async Task SendAsync(IMessage message)
    {
        foreach (var (piece, last) in Pieces.Of(message, ports.Settings.MessageBytes))
        {
            await credit.WaitAsync(ended.Token);
            Tell(new Told { Piece = piece, Whole = last });
        }
    }

    private void Tell(Told told)
    {
        (told.Call, told.Number) = (call, number++);
        client.Tell(told, self);
    }
}
