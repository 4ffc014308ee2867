using System.Data.Common;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Akka.Event;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Gives leases of this actor system the store.</summary>
internal sealed class StoreLeaseSetup(NodeRegistry registry) : Setup
{
    public NodeRegistry Registry { get; } = registry;
}

/// <summary>
/// A lease that is a row of the store: of the two sides of a split cluster only one gets it. While
/// held it is taken again and again, so that a holder that died loses it by the store's clock.
/// </summary>
internal sealed class StoreLease : Lease
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly NodeRegistry _registry;
    private readonly ILoggingAdapter _log;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _held;

    public StoreLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _log = Logging.GetLogger(system, this);
        _registry =
            system.Settings.Setup.Get<StoreLeaseSetup>().GetOrElse(null!)?.Registry
            ?? throw new LeaseException("The node's store is not one that nodes share.");
    }

    private TimeoutSettings Times => Settings.TimeoutSettings;

    public override Task<bool> Acquire() => Acquire(static _ => { });

    /// <summary>Tries until <c>lease-operation-timeout</c>: a holder that died may have just lost
    /// it.</summary>
    public override async Task<bool> Acquire(Action<Exception> leaseLostCallback)
    {
        using var limit = new CancellationTokenSource(Times.OperationTimeout);
        try
        {
            while (!await TakeAsync(limit.Token))
                await Task.Delay(Pause, limit.Token);
            Keep(leaseLostCallback);
            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return false;
        }
    }

    public override async Task<bool> Release()
    {
        Drop();
        using var limit = new CancellationTokenSource(Times.OperationTimeout);
        try
        {
            await _registry.GiveLeaseAsync(Settings.LeaseName, Settings.OwnerName, limit.Token);
            return true;
        }
        catch (Exception e) when (IsAbsence(e))
        {
            // It runs out by itself.
            return false;
        }
    }

    public override bool CheckLease() => _held is not null;

    private async Task<bool> TakeAsync(CancellationToken cancel)
    {
        try
        {
            return await _registry.TakeLeaseAsync(
                Settings.LeaseName,
                Settings.OwnerName,
                Times.HeartbeatTimeout,
                cancel
            );
        }
        catch (Exception e) when (IsAbsence(e) && !cancel.IsCancellationRequested)
        {
            _log.Warning("The lease {0} cannot be taken: {1}", Settings.LeaseName, e.Message);
            return false;
        }
    }

    private void Keep(Action<Exception> lost)
    {
        lock (_gate)
        {
            if (_held is not null)
                return;
            _held = new CancellationTokenSource();
            _ = KeepAsync(lost, _held.Token);
        }
    }

    private async Task KeepAsync(Action<Exception> lost, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Times.HeartbeatInterval);
        var taken = DateTime.UtcNow;
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var asked = DateTime.UtcNow;
                if (await TakeAsync(cancel))
                    taken = asked;
                else if (asked - taken > Times.HeartbeatTimeout)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        Drop();
        lost(new LeaseException($"The lease {Settings.LeaseName} was lost."));
    }

    private void Drop()
    {
        lock (_gate)
        {
            _held?.Cancel();
            _held = null;
        }
    }

    private static bool IsAbsence(Exception e) =>
        e is DbException or TimeoutException or OperationCanceledException;
}
