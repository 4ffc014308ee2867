namespace JobCloud.Protocol.Attempts;

/// <summary>Where one attempt's processes are, as its executor sees them.</summary>
public abstract record AttemptPhase
{
    private AttemptPhase() { }

    /// <summary>All that wanted its end so far.</summary>
    public EndCauses Causes { get; init; }

    /// <summary>Its first process is not started yet.</summary>
    public sealed record Spawning : AttemptPhase;

    /// <summary>Its first process lives, and nobody wants it to end.</summary>
    public sealed record Running : AttemptPhase;

    /// <summary>SIGTERM was sent to all its processes; the first of them still lives.</summary>
    /// <param name="KillAt">When SIGKILL follows, ms on the clock of <c>now</c>.</param>
    public sealed record Terminating(long KillAt) : AttemptPhase;

    /// <summary>SIGKILL was sent to all its processes; the first of them is not reaped
    /// yet.</summary>
    public sealed record Killing : AttemptPhase;

    /// <summary>Its first process has ended; others that it started have not.</summary>
    /// <param name="KillAt">When SIGKILL follows SIGTERM, ms; null: it was sent.</param>
    public sealed record Draining(long? KillAt) : AttemptPhase;

    /// <summary>No process of it is left, and its end was reported.</summary>
    /// <param name="NotStarted">Null: its first process was started.</param>
    public sealed record Ended(NotStarted? NotStarted = null) : AttemptPhase;
}
