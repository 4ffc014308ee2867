namespace JobCloud.Node.Daemon.Agents;

/// <content>The executor lease. Without it, the executor starts nothing and the scheduler must
/// assign nothing.</content>
internal sealed partial class NodeAgentActor
{
    private const string WithoutLease =
        "its membership is not confirmed; check its connection to the store and to the other nodes";

    // A node that just joined becomes ready soon.
    private static readonly TimeSpan LeaseRetry = TimeSpan.FromMilliseconds(200);

    private bool _holdsLease = true;

    private void RenewLease()
    {
        if (!HoldsLease())
            return;
        if (_ports.MembershipStaleness() is { } age)
            Send(new() { Renew = new() { AgeMs = (long)age.TotalMilliseconds } });
    }

    /// <summary>Whether the executor would start jobs. A change is offered to the scheduler first;
    /// then what has not started is handed back.</summary>
    private bool HoldsLease()
    {
        if (_settings.FenceAfter <= TimeSpan.Zero)
            return true;
        var age = _ports.MembershipStaleness();
        var holds = age < _settings.FenceAfter;
        if (!holds && !Timers.IsTimerActive(LeaseRetry))
            Timers.StartSingleTimer(LeaseRetry, Tick.Lease, LeaseRetry);
        if (holds == _holdsLease)
            return holds;
        _holdsLease = holds;
        if (holds)
            Send(new() { Renew = new() { AgeMs = (long)age!.Value.TotalMilliseconds } });
        Offer();
        if (!holds)
            _table.HandBackAll();
        return holds;
    }
}
