using Akka.Actor;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Opens terminals for other nodes.</summary>
internal sealed class TerminalsActor(NodeTerminals terminals, TerminalSettings settings)
    : UntypedActor
{
    public static Props Props(NodeTerminals terminals, TerminalSettings settings) =>
        Akka.Actor.Props.Create(() => new TerminalsActor(terminals, settings));

    // A failed terminal stops; the death watch ends it on the client's side.
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BeginTerminal begin:
                Context.ActorOf(JobLink.Props(begin, terminals, Sender, settings.Window));
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}
