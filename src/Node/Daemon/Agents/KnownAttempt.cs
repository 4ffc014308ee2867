using System.Diagnostics.CodeAnalysis;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>How far an attempt has come, as its agent knows.</summary>
internal enum AttemptStage
{
    /// <summary>In the backlog.</summary>
    Waiting,

    /// <summary>The executor was asked to start it.</summary>
    Starting,
    Running,

    /// <summary>Its end, or that it never started, is reported until it is accepted.</summary>
    Over,
}

/// <summary>One attempt as its agent knows it, from its order to the acceptance of its
/// end.</summary>
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
        Cores = Math.Max(1, group.Spec.Cores);
        MemoryBytes = group.Spec.MemoryBytes;
    }

    /// <summary>One that an earlier agent had started.</summary>
    public KnownAttempt(ProcessStarted running)
        : this(new AttemptId(running.Jid, running.Attempt))
    {
        Cores = Math.Max(1, running.Cores);
        MemoryBytes = running.MemoryBytes;
    }

    public AttemptId Id { get; } = id;
    public int Priority { get; }
    public bool Restarted { get; }
    public long Created { get; }
    public int Cores { get; }
    public long MemoryBytes { get; }

    public AttemptStage Stage { get; set; }

    /// <summary>The last that was said of it.</summary>
    public AttemptReport? Report { get; set; }

    /// <summary>Milliseconds from SIGTERM to SIGKILL of the stop that was asked for.</summary>
    public long? StopGraceMs { get; set; }

    /// <summary>It is stopped because the node is drained: it is to run elsewhere.</summary>
    public bool Evicted { get; set; }

    /// <summary>A reader of its output waits for more.</summary>
    public bool Followed { get; set; }

    /// <summary>Its report stood unaccepted at the last look.</summary>
    public bool Overdue { get; set; }

    /// <summary>Whether this agent has its order; else an earlier one started it.</summary>
    [MemberNotNullWhen(true, nameof(_command), nameof(_order))]
    public bool IsOrdered => _command is not null;

    /// <summary>What starts it, or why it cannot be started.</summary>
    public Parsed<StartProcess> Bind() =>
        IsOrdered
            ? _command.Bind(_order)
            : throw new InvalidOperationException($"attempt {Id} was not ordered here");
}
