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
    private readonly bool _isAlone;
    private readonly Dictionary<string, ICanTell> _others = [];

    /// <summary>The present name of the node that had a name before.</summary>
    private readonly Dictionary<string, string> _renamed = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <param name="node">The name of this node.</param>
    /// <param name="agent">The agent of this node.</param>
    /// <param name="watchNodes">Subscribes an actor to the present nodes and each change, sent as
    /// <see cref="ClusterNodes.NodeUp"/> and <see cref="ClusterNodes.NodeDown"/>.</param>
    /// <param name="keeper">Deletes the outputs of forgotten attempts from the store, even if their
    /// node is absent.</param>
    /// <param name="isAlone">The store is embedded, so that all its jobs ran on this node, whatever
    /// its name was.</param>
    public AgentRouter(
        string node,
        ICanTell agent,
        Action<IActorRef> watchNodes,
        IActorRef? keeper = null,
        bool isAlone = false
    )
    {
        (_node, _agent, _keeper, _isAlone) = (node, agent, keeper, isAlone);
        watchNodes(Self);
    }

    public static Props Props(
        string node,
        ICanTell agent,
        Action<IActorRef> watchNodes,
        IActorRef? keeper = null,
        bool isAlone = false
    ) => Akka.Actor.Props.Create(() => new AgentRouter(node, agent, watchNodes, keeper, isAlone));

    protected override void OnReceive(object message)
    {
        if (message is ForgetJobs)
            _keeper?.Tell(message);
        if (message is ClusterNodes.NodeUp up)
        {
            var path = new RootActorPath(up.Address) / "user" / "agent";
            _others[up.Node] = Context.ActorSelection(path);
            foreach (var former in up.Former)
                _renamed[former] = up.Node;
        }
        else if (message is ClusterNodes.NodeDown down)
            _others.Remove(down.Node);
        else if (NodeOf(message) is not { } target)
            Unhandled(message);
        else if (AgentOf(target, message) is { } agent)
            agent.Tell(message, Sender);
        else
            DropMessage(message, target);
    }

    /// <summary>The agent of the node with this name; null: it is absent. What an attempt left is
    /// where it ran, whatever that node's name is now; attempts belong to the name.</summary>
    private ICanTell? AgentOf(string node, object message) =>
        node == _node ? _agent
        : _others.TryGetValue(node, out var other) ? other
        : message is not (ReadOutput or ReadAttempts or ForgetJobs) ? null
        : _isAlone ? _agent
        : !_renamed.TryGetValue(node, out var name) ? null
        : name == _node ? _agent
        : _others.GetValueOrDefault(name);

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
