namespace JobCloud.Node.Daemon.Gateway;

/// <summary>What answers requests now: the door opens before the node is ready, and closes after.</summary>
public sealed class CurrentRequests(IRequests first)
{
    private volatile IRequests _now = first;

    public IRequests Now
    {
        get => _now;
        set => _now = value;
    }
}
