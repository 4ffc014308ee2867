namespace JobCloud.Protocol.Attempts;

/// <summary>An event of an attempt. Events come in any order, and more than once.</summary>
public abstract record AttemptEvent
{
    private AttemptEvent() { }

    /// <summary>Its first process started.</summary>
    public sealed record Spawned : AttemptEvent;

    /// <summary>Its first process could not start.</summary>
    /// <param name="Why">A sentence without a full stop.</param>
    /// <param name="At">The instant, µs.</param>
    /// <param name="IsPassing">Whether the node lacks something for now.</param>
    public sealed record SpawnFailed(string Why, long At, bool IsPassing = false) : AttemptEvent;

    /// <summary>Its first process has ended.</summary>
    /// <param name="OthersLeft">Whether other processes of the attempt are alive.</param>
    /// <param name="GraceMs">Their time from SIGTERM to SIGKILL.</param>
    public sealed record Exited(bool OthersLeft, long GraceMs) : AttemptEvent;

    /// <summary>The last process that outlived the first one has ended.</summary>
    public sealed record Emptied : AttemptEvent;

    /// <summary>A request to stop it.</summary>
    /// <param name="WithNode">The node stops with all its attempts.</param>
    public sealed record Stop(long GraceMs, bool WithNode = false) : AttemptEvent;

    /// <summary>It exceeded its max runtime.</summary>
    public sealed record RuntimeOver(long GraceMs) : AttemptEvent;

    /// <summary>It must end at once: another node may start the job now.</summary>
    public sealed record Fence : AttemptEvent;

    /// <summary>The kernel's out-of-memory killer killed one of its processes: the executor kills
    /// the rest.</summary>
    public sealed record OutOfMemory : AttemptEvent;

    /// <summary>It reached its limit of processes: the executor kills it.</summary>
    public sealed record TooManyProcesses : AttemptEvent;

    /// <summary>Its processes keep leaving its cgroup: the executor kills it.</summary>
    public sealed record LeftCgroup : AttemptEvent;

    /// <summary>The executor cannot watch over it because of a fault of its own, and kills
    /// it.</summary>
    public sealed record Failed : AttemptEvent;

    /// <summary>The time of a <see cref="AttemptAction.WakeAt"/> has come.</summary>
    public sealed record Woken : AttemptEvent;
}
