namespace JobCloud.Protocol.Attempts;

/// <summary>What the executor must do for an attempt.</summary>
public abstract record AttemptAction
{
    private AttemptAction() { }

    /// <summary>Start its first process.</summary>
    public sealed record Spawn : AttemptAction;

    /// <summary>Tell the agent that it runs.</summary>
    public sealed record Announce : AttemptAction;

    /// <summary>Send SIGTERM to all its processes.</summary>
    public sealed record Terminate : AttemptAction;

    /// <summary>Send SIGKILL to all its processes.</summary>
    public sealed record Kill : AttemptAction;

    /// <summary>Signal <see cref="AttemptSignal.Woken"/> at this time, ms.</summary>
    public sealed record WakeAt(long At) : AttemptAction;

    /// <summary>Report its end.</summary>
    public sealed record Report : AttemptAction;
}
