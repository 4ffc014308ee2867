using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// Hands what is meant for a node's agent to that agent; answers go straight back to the sender.
/// </summary>
/// <remarks>
/// What is meant for a node that is not there is dropped: who sends checks again. Only readers
/// are told, because they wait.
/// </remarks>
internal sealed class AgentRouter : UntypedActor
{
    private readonly string _node;
    private readonly ICanTell _agent;
    private readonly IActorRef? _keeper;
    private readonly Dictionary<string, ICanTell> _others = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="node">This node.</param>
    /// <param name="agent">Its own agent.</param>
    /// <param name="watchNodes">
    /// Has an actor told of the nodes there are, and of each change, by
    /// <see cref="ClusterNodes.NodeUp"/> and <see cref="ClusterNodes.NodeDown"/>.
    /// </param>
    /// <param name="keeper">Forgets in the store what a node, there or not, is to forget.</param>
    public AgentRouter(
        string node,
        ICanTell agent,
        Action<IActorRef> watchNodes,
        IActorRef? keeper = null
    )
    {
        (_node, _agent, _keeper) = (node, agent, keeper);
        watchNodes(Self);
    }

    public static Props Props(
        string node,
        ICanTell agent,
        Action<IActorRef> watchNodes,
        IActorRef? keeper = null
    ) => Akka.Actor.Props.Create(() => new AgentRouter(node, agent, watchNodes, keeper));

    protected override void OnReceive(object message)
    {
        if (message is ForgetJobs)
            _keeper?.Tell(message);
        if (message is ClusterNodes.NodeUp up)
        {
            var path = new RootActorPath(up.Address) / "user" / "agent";
            _others[up.Node] = Context.ActorSelection(path);
        }
        else if (message is ClusterNodes.NodeDown down)
            _others.Remove(down.Node);
        else if (NodeOf(message) is not { } target)
            Unhandled(message);
        else if (target == _node)
            _agent.Tell(message, Sender);
        else if (_others.TryGetValue(target, out var other))
            other.Tell(message, Sender);
        else
            Miss(message, target);
    }

    private void Miss(object message, string target)
    {
        _log.Debug("{0} for node {1}, which is not there, is dropped.", message.GetType(), target);
        if (message is ReadOutput)
            Sender.Tell(new OutputRead { Missing = true });
        else if (message is ReadAttempts)
            Sender.Tell(new AttemptsRead());
        else if (message is ReadPorts)
            Sender.Tell(new PortsRead());
        else if (message is BeginTerminal)
            Sender.Tell(new TerminalEnd());
    }

    private static string? NodeOf(object message) =>
        message switch
        {
            StartAttempts start => start.Node,
            StopAttempts stop => stop.Node,
            CheckAttempts check => check.Node,
            ReportsAccepted accepted => accepted.Node,
            ForgetJobs forget => forget.Node,
            ReadOutput read => read.Node,
            ReadAttempts read => read.Node,
            ReadPorts question => question.Node,
            BeginTerminal begin => begin.Node,
            DrainRequest drain => drain.Node,
            _ => null,
        };
}
