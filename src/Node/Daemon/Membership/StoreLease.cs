using System.Data.Common;
using System.Diagnostics;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Coordination;
using Akka.Event;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Passes the store's registry to the leases of this actor system.</summary>
internal sealed class StoreLeaseSetup(NodeRegistry registry) : Setup
{
    public NodeRegistry Registry { get; } = registry;
}

/// <summary>
/// A lease that is a row in the store: of the two sides of a split cluster only one gets it. The
/// holder renews it; a dead holder loses it by the store's clock.
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
            ?? throw new LeaseException("The node's store is not shared between nodes.");
    }

    private TimeoutSettings Times => Settings.TimeoutSettings;

    public override Task<bool> Acquire() => Acquire(static _ => { });

    /// <summary>Retries until <c>lease-operation-timeout</c>: a dead holder's lease may expire
    /// meanwhile.</summary>
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
            await _registry.ReleaseLeaseAsync(Settings.LeaseName, Settings.OwnerName, limit.Token);
            return true;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            // The lease expires by itself.
            return false;
        }
    }

    public override bool CheckLease() => _held is not null;

    private async Task<bool> TakeAsync(CancellationToken cancel)
    {
        try
        {
            return await _registry.AcquireLeaseAsync(
                Settings.LeaseName,
                Settings.OwnerName,
                Times.HeartbeatTimeout,
                cancel
            );
        }
        catch (Exception e) when (IsUnavailable(e) && !cancel.IsCancellationRequested)
        {
            _log.Warning("Cannot acquire the lease {0}: {1}", Settings.LeaseName, e.Message);
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
        var renewed = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var started = Stopwatch.GetTimestamp();
                if (await TakeAsync(cancel))
                    renewed = started;
                else if (Stopwatch.GetElapsedTime(renewed, started) > Times.HeartbeatTimeout)
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

    private static bool IsUnavailable(Exception e) =>
        e is DbException or TimeoutException or OperationCanceledException;
}
