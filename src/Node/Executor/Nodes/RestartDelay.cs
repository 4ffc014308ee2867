namespace JobCloud.Node.Executor.Nodes;

/// <summary>How long to wait before a node that died is started again: not at all after a long
/// life, the first wait after a short one, and then twice as long each time. All in ms.</summary>
internal readonly record struct RestartDelay(long Current)
{
    /// <summary>The wait after one more life, of this length.</summary>
    public RestartDelay After(long lived, long first, long max) =>
        this with
        {
            Current =
                lived >= max ? 0
                : Current == 0 ? first
                : Math.Min(2 * Current, max),
        };
}
