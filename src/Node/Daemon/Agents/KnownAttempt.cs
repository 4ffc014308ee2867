using System.Diagnostics.CodeAnalysis;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Progress of an attempt, as its agent knows it.</summary>
internal enum KnownAttemptStage
{
    /// <summary>In the backlog.</summary>
    Waiting,

    /// <summary>The executor was asked to start it.</summary>
    Starting,
    Running,

    /// <summary>Ended or never started; the agent reports this until it is accepted.</summary>
    Ended,
}

/// <summary>An attempt known to its agent, from its order until its end is accepted.</summary>
internal sealed class KnownAttempt(AttemptId id)
{
    private readonly AttemptCommand? _command;
    private readonly AttemptOrder? _order;

    public KnownAttempt(AttemptGroup group, AttemptOrder order, AttemptCommand command)
        : this(new AttemptId(order.Jid, order.Attempt))
    {
        (_order, _command) = (order, command);
        Priority = group.Priority;
        Restarted = order.Restarted;
        Created = group.Created;
        Cores = PlacementSize.Cores(group.Spec.Cores);
        MemoryBytes = group.Spec.MemoryBytes;
    }

    /// <summary>An attempt that an earlier agent started.</summary>
    public KnownAttempt(ProcessStarted running)
        : this(new AttemptId(running.Jid, running.Attempt))
    {
        Cores = PlacementSize.Cores(running.Cores);
        MemoryBytes = running.MemoryBytes;
    }

    public AttemptId Id { get; } = id;
    public int Priority { get; }
    public bool Restarted { get; }
    public long Created { get; }
    public int Cores { get; }

    /// <summary>0: its share of the node's memory.</summary>
    public long MemoryBytes { get; }

    public KnownAttemptStage Stage { get; set; }

    /// <summary>The latest report.</summary>
    public AttemptReport? Report { get; set; }

    /// <summary>Milliseconds from SIGTERM to SIGKILL, set when a stop is requested.</summary>
    public long? StopGraceMs { get; set; }

    /// <summary>True if it is stopped to run elsewhere, because the node is drained.</summary>
    public bool Evicted { get; set; }

    /// <summary>True if a reader of its output waits for more.</summary>
    public bool Followed { get; set; }

    /// <summary>True if its report was unaccepted at the last check.</summary>
    public bool Overdue { get; set; }

    /// <summary>True if this agent has its order; else an earlier agent started it.</summary>
    [MemberNotNullWhen(true, nameof(_command), nameof(_order))]
    public bool IsOrdered => _command is not null;

    /// <summary>The copies that its start needs.</summary>
    public IReadOnlyList<BlobCopy> Copies => IsOrdered ? _command.Copies(_order) : [];

    /// <summary>Returns the start request, or the reason that it cannot be started.</summary>
    public Parsed<StartProcess> Bind() =>
        IsOrdered
            ? _command.Bind(_order)
            : throw new InvalidOperationException(
                $"this agent has no start order for attempt {Id}"
            );
}
