using System.Runtime.CompilerServices;
using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Protocol;
using JobCloud.Protocol.Doors;

namespace JobCloud.Node.Daemon.Door;

/// <summary>Sends the answer to one question, as many pieces as the client has asked for.</summary>
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

    public async Task RunAsync(Question question, Identity by)
    {
        Refusal? refusal = null;
        try
        {
            await foreach (var message in MessagesAsync(question, by, ended.Token))
            {
                refusal = message.Refusal;
                if (message.Message is not { } answer)
                    break;
                await SendAsync(answer);
            }
        }
        catch (Exception e)
        {
            refusal = ports.Doorkeeper.Unexpected(e, ended.Token);
        }
        Tell(new Told { End = true, Refusal = refusal });
    }

    private IAsyncEnumerable<(IMessage? Message, Refusal? Refusal)> MessagesAsync(
        Question question,
        Identity by,
        CancellationToken cancel
    ) =>
        question.BodyCase switch
        {
            Question.BodyOneofCase.Output => Widen(
                ports.Requests.Now.OutputAsync(question.Output, by, cancel),
                cancel
            ),
            Question.BodyOneofCase.Events => Widen(
                ports.Requests.Now.EventsAsync(question.Events, by, cancel),
                cancel
            ),
            _ => OneAsync(question.Request ?? new(), by, cancel),
        };

    private async IAsyncEnumerable<(IMessage? Message, Refusal? Refusal)> OneAsync(
        Protocol.Api.Request request,
        Identity by,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        yield return (
            await SessionRequests.AnswerAsync(ports.Requests.Now, request, by, cancel),
            null
        );
    }

    private static async IAsyncEnumerable<(IMessage? Message, Refusal? Refusal)> Widen<T>(
        IAsyncEnumerable<Outcome<T>> messages,
        [EnumeratorCancellation] CancellationToken cancel
    )
        where T : class, IMessage
    {
        await foreach (var message in messages.WithCancellation(cancel))
            yield return (message.Reply, message.Refusal);
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
