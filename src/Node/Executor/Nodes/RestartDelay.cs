namespace JobCloud.Node.Executor.Nodes;

/// <summary>How long to wait before a node that died is started again: not at all after a long
/// life, and twice as long after each short one. All in ms.</summary>
internal readonly record struct RestartDelay(long First, long Max, long Current = 0)
{
    /// <summary>The wait after one more life, of this length.</summary>
    public RestartDelay After(long lived) =>
        this with
        {
            Current =
                lived >= Max ? 0
                : Current == 0 ? First
                : Math.Min(2 * Current, Max),
        };
}
