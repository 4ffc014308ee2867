namespace JobCloud.Protocol.Attempts;

/// <summary>What can happen to an attempt, in any order and more than once.</summary>
public abstract record AttemptSignal
{
    private AttemptSignal() { }

    /// <summary>Its first process was started.</summary>
    public sealed record Spawned : AttemptSignal;

    /// <summary>Its first process could not be started.</summary>
    /// <param name="Why">A sentence without its stop.</param>
    /// <param name="At">The instant, µs.</param>
    public sealed record SpawnFailed(string Why, long At) : AttemptSignal;

    /// <summary>Its first process has ended.</summary>
    /// <param name="OthersLeft">Whether processes that it started still live.</param>
    /// <param name="GraceMs">How long those have between SIGTERM and SIGKILL.</param>
    public sealed record Exited(bool OthersLeft, long GraceMs) : AttemptSignal;

    /// <summary>The last of the processes that outlived the first one has ended.</summary>
    public sealed record Emptied : AttemptSignal;

    /// <summary>Somebody wants it to end.</summary>
    /// <param name="WithNode">Its node is stopped, and all its attempts are.</param>
    public sealed record Stop(long GraceMs, bool WithNode = false) : AttemptSignal;

    /// <summary>It ran longer than it may.</summary>
    public sealed record RuntimeOver(long GraceMs) : AttemptSignal;

    /// <summary>It must end at once: another node may start the job from now on.</summary>
    public sealed record Fence : AttemptSignal;

    /// <summary>The kernel killed one of its processes for want of memory: the rest goes
    /// too.</summary>
    public sealed record OutOfMemory : AttemptSignal;

    /// <summary>The time asked for by <see cref="AttemptAction.WakeAt"/> has come.</summary>
    public sealed record Woken : AttemptSignal;
}
