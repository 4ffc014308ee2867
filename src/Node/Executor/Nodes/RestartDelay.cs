namespace JobCloud.Node.Executor.Nodes;

/// <summary>The delay before a node that died is restarted: none after a long uptime, the first
/// delay after a short one, then doubled each time. All in ms.</summary>
internal readonly record struct RestartDelay(long Current)
{
    /// <summary>The delay after another run with this uptime.</summary>
    public RestartDelay After(long lived, long first, long max) =>
        this with
        {
            Current =
                lived >= max ? 0
                : Current == 0 ? first
                : Math.Min(2 * Current, max),
        };
}
