using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Forwards messages to the agents of the nodes they name. Replies go straight to the
/// sender.</summary>
/// <remarks>A message for an absent node is dropped, and its sender checks again. Only readers get
/// a reply, because they wait for one.</remarks>
internal sealed class AgentRouter : UntypedActor
{
    private readonly string _node;
    private readonly ICanTell _agent;
    private readonly IActorRef? _keeper;
    private readonly Dictionary<string, ICanTell> _others = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="node">The name of this node.</param>
    /// <param name="agent">The agent of this node.</param>
    /// <param name="watchNodes">Subscribes an actor to the present nodes and each change, sent as
    /// <see cref="ClusterNodes.NodeUp"/> and <see cref="ClusterNodes.NodeDown"/>.</param>
    /// <param name="keeper">Deletes the outputs of forgotten attempts from the store, even if their
    /// node is absent.</param>
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
            DropMessage(message, target);
    }

    private void DropMessage(object message, string target)
    {
        _log.Debug("Dropped {0} for node {1}, which is not a member.", message.GetType(), target);
        if (message is ReadOutput)
            Sender.Tell(new OutputRead { Missing = true });
        else if (message is ReadAttempts)
            Sender.Tell(new AttemptsRead());
        else if (message is ReadFiles)
            Sender.Tell(new FilesRead { Missing = true });
        else if (message is ReadPorts)
            Sender.Tell(new PortsRead());
        else if (message is BeginTerminal)
            Sender.Tell(new TerminalEnd());
    }

    private static string? NodeOf(object message) =>
        message switch
        {
            StartAttempts start => start.Node,
            RecallAttempts recall => recall.Node,
            StopAttempts stop => stop.Node,
            CheckAttempts check => check.Node,
            ReportsAccepted accepted => accepted.Node,
            ForgetJobs forget => forget.Node,
            ReadOutput read => read.Node,
            ReadAttempts read => read.Node,
            ReadFiles read => read.Node,
            ReadPorts question => question.Node,
            BeginTerminal begin => begin.Node,
            DrainRequest drain => drain.Node,
            _ => null,
        };
}
