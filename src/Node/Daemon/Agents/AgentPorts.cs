using Akka.Actor;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>All that an agent acts through.</summary>
internal sealed record AgentPorts
{
    public required IExecutor Executor { get; init; }

    public required IMachine Machine { get; init; }

    /// <summary>The shard region of the segments.</summary>
    public required IActorRef Segments { get; init; }

    /// <summary>The scheduler's proxy.</summary>
    public required IActorRef Scheduler { get; init; }

    /// <summary>Of the agent's child that reads the attempts' files.</summary>
    public required Props Outputs { get; init; }

    /// <summary>Puts outputs into the store (<see cref="Outputs.Stored.OutputKeeper"/>); null:
    /// nobody does.</summary>
    public IActorRef? Keeper { get; init; }

    /// <summary>Answers what gateways ask (<see cref="AttemptReader"/>).</summary>
    public IActorRef Reader { get; init; } = ActorRefs.Nobody;

    /// <summary>Asked of terminals by other nodes
    /// (<see cref="Terminals.TerminalsActor"/>).</summary>
    public IActorRef Terminals { get; init; } = ActorRefs.Nobody;

    /// <summary>Told the executor's pid whenever one has answered.</summary>
    public Action<int> ExecutorFound { get; init; } = static _ => { };

    /// <summary>Whether the cluster still counts this node in.</summary>
    public required Func<bool> InCluster { get; init; }

    /// <summary>Since when the node may be out of its cloud without knowing it; null: it is, or
    /// cannot tell.</summary>
    public required Func<TimeSpan?> Certainty { get; init; }

    public required TimeProvider Clock { get; init; }
}
