using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Doors;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.Door;

/// <summary>One client's calls. It ends, and they with it, when the client is silent for too long.</summary>
public sealed class VisitorActor : UntypedActor
{
    private readonly IActorRef client;
    private readonly Identity by;
    private readonly DoorPorts ports;
    private readonly Dictionary<long, Gathering> coming = [];
    private readonly Dictionary<long, CallAnswer> answers = [];

    public VisitorActor(IActorRef client, Identity by, DoorPorts ports) =>
        (this.client, this.by, this.ports) = (client, by, ports);

    public static Props Props(IActorRef client, Identity by, DoorPorts ports) =>
        Akka.Actor.Props.Create(() => new VisitorActor(client, by, ports));

    protected override void PreStart() => Context.SetReceiveTimeout(ports.Settings.ForgetAfter);

    protected override void PostStop()
    {
        foreach (var answer in answers.Values)
            answer.End();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask ask:
                Take(ask);
                break;
            case AskMore { End: true } more:
                coming.Remove(more.Call);
                answers.GetValueOrDefault(more.Call)?.End();
                break;
            case AskMore more:
                answers.GetValueOrDefault(more.Call)?.More(more.Pieces);
                break;
            case Finished finished:
                answers.Remove(finished.Call);
                break;
            case Watch { End: true }:
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
        }
    }

    private void Take(Ask ask)
    {
        if (answers.ContainsKey(ask.Call))
            return;
        if (!coming.TryGetValue(ask.Call, out var gathering))
        {
            if (coming.Count + answers.Count >= ports.Settings.CallsMost)
            {
                Refuse(
                    ask.Call,
                    RefusalCode.Busy,
                    $"{ports.Settings.CallsMost} requests are under way already; try again."
                );
                return;
            }
            coming[ask.Call] = gathering = new Gathering(ports.Settings.MaxMessageBytes);
        }
        if (gathering.Add(ask.Number, ask.Piece) is { } trouble)
        {
            coming.Remove(ask.Call);
            Refuse(ask.Call, RefusalCode.TooLarge, $"The request cannot be answered: {trouble}.");
        }
        else if (ask.Last)
        {
            coming.Remove(ask.Call);
            Answer(ask.Call, gathering.Take());
        }
    }

    private void Answer(long call, byte[] request)
    {
        try
        {
            var parsed = Request.Parser.ParseFrom(request);
            var answer = new CallAnswer(call, client, Self, ports);
            answers[call] = answer;
            var self = Self;
            _ = answer
                .RunAsync(parsed, by)
                .ContinueWith(_ => self.Tell(new Finished(call)), TaskScheduler.Default);
        }
        catch (InvalidProtocolBufferException)
        {
            Refuse(call, RefusalCode.Usage, "The request is malformed.");
        }
    }

    private void Refuse(long call, RefusalCode code, string message) =>
        client.Tell(
            new Told
            {
                Call = call,
                End = true,
                Refusal = new Refusal { Code = code, Message = message },
            }
        );

    private sealed record Finished(long Call);
}
