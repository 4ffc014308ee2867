namespace JobCloud.Node.Daemon.Gateway;

/// <summary>What answers requests now, to those who may ask: the door opens before the node is ready, and
/// closes after.</summary>
public sealed class CurrentRequests(IRequests first)
{
    private volatile IRequests _now = new GuardedRequests(first);

    public IRequests Now
    {
        get => _now;
        set => _now = new GuardedRequests(value);
    }
}
