namespace JobCloud.Node.Daemon.Agents;

/// <summary>Judges whether the executor has gone for good.</summary>
/// <param name="GoneAfter">How long there must have been no process of it.</param>
/// <param name="Missing">Since when there has been none; null: there is one.</param>
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
