namespace JobCloud.Node.Executor.Conversations;

/// <summary>How long the agent may be silent before its jobs must not live on. Times in
/// ms.</summary>
internal sealed class Lease
{
    private long _fenceAfter;
    private long _renewed;

    /// <summary>Whether it ran out and was not renewed since: nothing may be started.</summary>
    public bool IsOut { get; private set; }

    /// <summary>Whether there is one: the node is of a cloud that could have others.</summary>
    public bool IsFollowed => _fenceAfter > 0;

    /// <summary>When it runs out; null: never, or it already has.</summary>
    public long? RunsOutAt => _fenceAfter > 0 && !IsOut ? _renewed + _fenceAfter : null;

    public void Follow(long fenceAfterMs) => _fenceAfter = fenceAfterMs;

    /// <summary>The cluster counted the node in at that instant: nothing else that is said renews
    /// it. A word that is older than the lease changes nothing.</summary>
    public void Renewed(long at, long now)
    {
        if (_fenceAfter > 0 && at + _fenceAfter <= now)
            return;
        (_renewed, IsOut) = (Math.Max(_renewed, at), false);
    }

    /// <summary>Whether it has just run out; true only once until it is renewed.</summary>
    public bool HasRunOut(long now)
    {
        if (RunsOutAt is not { } at || now < at)
            return false;
        IsOut = true;
        return true;
    }
}
