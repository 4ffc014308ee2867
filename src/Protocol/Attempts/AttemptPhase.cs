namespace JobCloud.Protocol.Attempts;

/// <summary>The phase of an attempt's processes, as its executor sees them.</summary>
public abstract record AttemptPhase
{
    private AttemptPhase() { }

    /// <summary>The causes of its end so far.</summary>
    public EndCauses Causes { get; init; }

    /// <summary>Its first process has not started yet.</summary>
    public sealed record Spawning : AttemptPhase;

    /// <summary>Its first process is alive, and nothing has stopped it.</summary>
    public sealed record Running : AttemptPhase;

    /// <summary>All its processes got SIGTERM; the first process is still alive.</summary>
    /// <param name="KillAt">When SIGKILL follows, ms on the clock of <c>now</c>.</param>
    public sealed record Terminating(long KillAt) : AttemptPhase;

    /// <summary>All its processes got SIGKILL; the first process is not reaped yet.</summary>
    public sealed record Killing : AttemptPhase;

    /// <summary>Its first process has ended; other processes of it have not.</summary>
    /// <param name="KillAt">When SIGKILL follows SIGTERM, ms; null: it was sent.</param>
    public sealed record Emptying(long? KillAt) : AttemptPhase;

    /// <summary>It has no process left, and its end was reported.</summary>
    /// <param name="NotStarted">Null: its first process started.</param>
    public sealed record Ended(NotStarted? NotStarted = null) : AttemptPhase;
}
