namespace JobCloud.Node.Executor.AgentConnections;

/// <summary>The executor lease: how long jobs may run without confirmation by the agent. Times in
/// ms.</summary>
internal sealed class ExecutorLease
{
    private long _fenceAfter;
    private long _renewed;

    /// <summary>Whether the lease has expired and was not renewed: nothing may be
    /// started.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>Whether a lease is in use, because the node's cloud could have other
    /// nodes.</summary>
    public bool IsEnabled => _fenceAfter > 0;

    /// <summary>The time of expiry; null: never, or already expired.</summary>
    public long? ExpiresAt => _fenceAfter > 0 && !IsExpired ? _renewed + _fenceAfter : null;

    public void SetPeriod(long fenceAfterMs) => _fenceAfter = fenceAfterMs;

    /// <summary>Renews the lease: the cluster counted the node as a member at that time. A renewal
    /// older than the lease period changes nothing.</summary>
    public void Renew(long at, long now)
    {
        if (_fenceAfter > 0 && at + _fenceAfter <= now)
            return;
        (_renewed, IsExpired) = (Math.Max(_renewed, at), false);
    }

    /// <summary>Returns true once when the lease expires, then false until it is renewed.</summary>
    public bool TryExpire(long now)
    {
        if (ExpiresAt is not { } at || now < at)
            return false;
        IsExpired = true;
        return true;
    }
}
