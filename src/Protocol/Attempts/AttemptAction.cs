namespace JobCloud.Protocol.Attempts;

/// <summary>An action of the executor on an attempt.</summary>
public abstract record AttemptAction
{
    private AttemptAction() { }

    /// <summary>Start its first process.</summary>
    public sealed record Spawn : AttemptAction;

    /// <summary>Report its start to the agent.</summary>
    public sealed record Announce : AttemptAction;

    /// <summary>Send SIGTERM to all its processes.</summary>
    public sealed record Terminate : AttemptAction;

    /// <summary>Send SIGKILL to all its processes.</summary>
    public sealed record Kill : AttemptAction;

    /// <summary>Send <see cref="AttemptEvent.Woken"/> at this time, ms.</summary>
    public sealed record WakeAt(long At) : AttemptAction;

    /// <summary>Report its end to the agent.</summary>
    public sealed record Report : AttemptAction;
}
