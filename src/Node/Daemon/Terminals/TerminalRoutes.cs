using Akka.Actor;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>Opens the job's side of a terminal: at the executor of this node, or through another
/// node.</summary>
/// <param name="node">The name of this node.</param>
/// <param name="agents">Forwards messages to other nodes.</param>
/// <param name="within">Time limit for the answer of another node.</param>
internal sealed class TerminalRoutes(
    string node,
    NodeTerminals local,
    ActorSystem system,
    IActorRef agents,
    TerminalSettings settings,
    TimeSpan within
)
{
    /// <summary>Opens a terminal. Never fails: one that cannot be opened ends at once, with the
    /// reason if it is known.</summary>
    public Task<ITerminalPipe> OpenAsync(string target, OpenTerminal open)
    {
        if (target == node)
            return local.OpenAsync(open);
        var pair = new PipePair();
        var begin = new BeginTerminal
        {
            Node = target,
            Open = open,
            Credit = settings.Window,
        };
        system.ActorOf(GatewayLink.Props(begin, pair.Far, agents, within));
        return Task.FromResult(pair.Near);
    }
}
