namespace JobCloud.Node.Daemon.Agents;

/// <summary>Decides whether the executor is lost for good.</summary>
/// <param name="GoneAfter">Time without an executor process after which it is lost.</param>
/// <param name="Missing">Start of the time without a process, or null if there is one.</param>
internal sealed record ExecutorWatch(TimeSpan GoneAfter, DateTimeOffset? Missing = null)
{
    public ExecutorWatch Reached() => this with { Missing = null };

    public ExecutorWatch Unreached(bool processLives, DateTimeOffset at) =>
        this with
        {
            Missing = processLives ? null : Missing ?? at,
        };

    public bool IsGone(DateTimeOffset at) => Missing is { } since && at - since >= GoneAfter;
}
