using Akka.Actor;
using Google.Protobuf;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.ClientGateway;
using JobCloud.Protocol.Feed;

namespace JobCloud.Node.Daemon.ClientGateway;

/// <summary>The session of one client. When the client is silent for too long, the session ends and
/// cancels its requests.</summary>
internal sealed class ClientSessionActor : UntypedActor
{
    /// <summary>Ends the session and refuses the rest of its replies.</summary>
    public sealed record EndSession(Refusal Why);

    /// <summary>Concurrent requests of one client, output streams included; further ones are
    /// refused as busy.</summary>
    private const int MaxCalls = 256;

    private readonly IActorRef _client;
    private readonly Identity _by;
    private readonly ClientGatewayDependencies _ports;
    private readonly Dictionary<long, MessageAssembler> _incoming = [];
    private readonly Dictionary<long, ReplyStream> _answers = [];

    public ClientSessionActor(IActorRef client, Identity by, ClientGatewayDependencies ports) =>
        (_client, _by, _ports) = (client, by, ports);

    public static Props Props(IActorRef client, Identity by, ClientGatewayDependencies ports) =>
        Akka.Actor.Props.Create(() => new ClientSessionActor(client, by, ports));

    protected override void PreStart() => Context.SetReceiveTimeout(_ports.Settings.ForgetAfter);

    protected override void PostStop()
    {
        foreach (var answer in _answers.Values)
            answer.Cancel();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ask ask:
                Take(ask);
                break;
            case AskMore { End: true } more:
                _incoming.Remove(more.Call);
                _answers.GetValueOrDefault(more.Call)?.Cancel();
                break;
            case AskMore more:
                _answers.GetValueOrDefault(more.Call)?.AddCredit(more.Pieces);
                break;
            case EndSession end:
                foreach (var answer in _answers.Values)
                    answer.Cancel(end.Why);
                Context.Stop(Self);
                break;
            case Finished finished:
                _answers.Remove(finished.Call);
                break;
            case Watch { End: true }:
            case ReceiveTimeout:
                Context.Stop(Self);
                break;
        }
    }

    private void Take(Ask ask)
    {
        if (_answers.ContainsKey(ask.Call))
            return;
        if (!_incoming.TryGetValue(ask.Call, out var gathering))
        {
            if (_incoming.Count + _answers.Count >= MaxCalls)
            {
                Refuse(
                    ask.Call,
                    RefusalCode.Busy,
                    $"{MaxCalls} requests are already in progress; try again."
                );
                return;
            }
            _incoming[ask.Call] = gathering = new MessageAssembler(_ports.Settings.MaxMessageBytes);
        }
        if (gathering.Add(ask.Number, ask.Piece) is { } problem)
        {
            _incoming.Remove(ask.Call);
            Refuse(ask.Call, RefusalCode.TooLarge, $"The request cannot be answered: {problem}.");
        }
        else if (ask.Last)
        {
            _incoming.Remove(ask.Call);
            Answer(ask.Call, gathering.Take());
        }
    }

    private void Answer(long call, byte[] request)
    {
        try
        {
            var parsed = Request.Parser.ParseFrom(request);
            var answer = new ReplyStream(call, _client, Self, _ports);
            _answers[call] = answer;
            var self = Self;
            _ = answer
                .RunAsync(parsed, _by)
                .ContinueWith(_ => self.Tell(new Finished(call)), TaskScheduler.Default);
        }
        catch (InvalidProtocolBufferException)
        {
            Refuse(call, RefusalCode.Usage, "The request is malformed.");
        }
    }

    private void Refuse(long call, RefusalCode code, string message) =>
        _client.Tell(
            new Told
            {
                Call = call,
                End = true,
                Refusal = new Refusal { Code = code, Message = message },
            }
        );

    private sealed record Finished(long Call);
}
