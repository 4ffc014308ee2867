using Akka.Actor;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Dependencies of the node agent.</summary>
internal sealed record AgentDependencies
{
    public required IExecutor Executor { get; init; }

    public required IMachine Machine { get; init; }

    /// <summary>The shard region of the segments.</summary>
    public required IActorRef Segments { get; init; }

    /// <summary>The proxy of the scheduler.</summary>
    public required IActorRef Scheduler { get; init; }

    /// <summary>Props of the agent's child that reads the files of attempts.</summary>
    public required Props Outputs { get; init; }

    /// <summary>Copies outputs to the store (<see cref="Outputs.Storage.OutputKeeper"/>), or null
    /// if the store keeps none.</summary>
    public IActorRef? Keeper { get; init; }

    /// <summary>Answers the questions of gateways (<see cref="AttemptReader"/>).</summary>
    public IActorRef Reader { get; init; } = ActorRefs.Nobody;

    /// <summary>Opens terminals for other nodes (<see cref="Terminals.TerminalsActor"/>).</summary>
    public IActorRef Terminals { get; init; } = ActorRefs.Nobody;

    /// <summary>Called with the executor's process ID each time an executor has answered.</summary>
    public Action<int> OnExecutorFound { get; init; } = static _ => { };

    /// <summary>True while this node is a member of the cluster.</summary>
    public required Func<bool> IsMember { get; init; }

    /// <summary>Returns the longest time that the node may have been removed from its cloud without
    /// knowing it; null if it was removed or cannot tell.</summary>
    public required Func<TimeSpan?> MembershipStaleness { get; init; }

    /// <summary>When the node's certificate expires, as <c>nodes</c> shows it.</summary>
    public Func<DateTimeOffset> CertificateUntil { get; init; } =
        static () => DateTimeOffset.UnixEpoch;

    public NodeMeters Meters { get; init; } = NodeMeters.None;

    /// <summary>Copies a content for an attempt.</summary>
    public Func<BlobRef, string, CancellationToken, Task> CopyBlob { get; init; } =
        static (_, _, _) => Task.CompletedTask;

    public required TimeProvider Clock { get; init; }
}
