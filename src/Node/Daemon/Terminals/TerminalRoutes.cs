using Akka.Actor;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Terminals;

namespace JobCloud.Node.Daemon.Terminals;

/// <summary>The way to a job's end of a terminal: the executor of this node, or another
/// node.</summary>
/// <param name="node">This node.</param>
/// <param name="agents">Hands on what is meant for other nodes.</param>
/// <param name="within">How long another node may take to answer.</param>
internal sealed class TerminalRoutes(
    string node,
    NodeTerminals here,
    ActorSystem system,
    IActorRef agents,
    TerminalSettings settings,
    TimeSpan within
)
{
    /// <summary>Never fails: what cannot be opened ends at once, saying why where that is
    /// known.</summary>
    public Task<ITerminalEnd> OpenAsync(string target, OpenTerminal open)
    {
        if (target == node)
            return here.OpenAsync(open);
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
