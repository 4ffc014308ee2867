namespace JobCloud.Protocol.Attempts;

/// <summary>A node that lacks something to start jobs starts none for a while, and for longer after
/// each failure in a row.</summary>
/// <param name="Failures">The number of failed tries in a row.</param>
/// <param name="Until">The end of the pause, ms.</param>
/// <param name="Why">What the node lacks, as a sentence without its full stop.</param>
public readonly record struct StartPause(int Failures, long Until, string Why)
{
    public const long FirstMs = 1_000;
    public const long MaxMs = 60_000;

    private const int DoublingsMax = 6;

    /// <summary>The state of a node that starts jobs.</summary>
    public static StartPause None { get; } = new(0, 0, "");

    public bool IsOn => Failures > 0;

    /// <summary>Whether no job may be started now. At the end of a pause, the node tries
    /// again.</summary>
    public bool Forbids(long now) => IsOn && now < Until;

    /// <summary>The state after a start failed. Starts that fail during a pause were ordered
    /// before it.</summary>
    public StartPause AfterFailure(string why, long now) =>
        Forbids(now) ? this : new(Failures + 1, now + LengthAfter(Failures), why);

    /// <summary>The state after a job started. A start during a pause was ordered before
    /// it.</summary>
    public StartPause AfterStart(long now) => Forbids(now) ? this : None;

    private static long LengthAfter(int failures) =>
        Math.Min(MaxMs, FirstMs << Math.Min(failures, DoublingsMax));
}
