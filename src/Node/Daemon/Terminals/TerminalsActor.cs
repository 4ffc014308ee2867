using Akka.Actor;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Opens the terminals that other nodes ask for.</summary>
internal sealed class TerminalsActor(NodeTerminals terminals, TerminalSettings settings)
    : UntypedActor
{
    public static Props Props(NodeTerminals terminals, TerminalSettings settings) =>
        Akka.Actor.Props.Create(() => new TerminalsActor(terminals, settings));

    // A terminal that fails is gone; its client is told by the watch.
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
