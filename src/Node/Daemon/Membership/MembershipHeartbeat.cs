using System.Data.Common;
using Akka.Cluster;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Sends this node's heartbeats to the store and computes how certain the node is of its
/// membership.</summary>
internal sealed class MembershipHeartbeat : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly NodeRegistry? _registry;
    private readonly NodeIdentity _self;
    private readonly MembershipSettings _settings;
    private readonly NodeLog _log;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private volatile StoreConfirmation _confirmed;
    private Task _heartbeats = Task.CompletedTask;

    private MembershipHeartbeat(
        Cluster cluster,
        NodeRegistry? registry,
        NodeIdentity self,
        MembershipSettings settings,
        NodeLog log,
        TimeProvider clock
    )
    {
        (_cluster, _registry, _self) = (cluster, registry, self);
        (_settings, _log, _clock) = (settings, log, clock);
        _confirmed = Now();
    }

    // The monotonic clock stops while the machine sleeps, and the wall clock can be set: the longer
    // time counts.
    private sealed record StoreConfirmation(
        long Timestamp,
        DateTimeOffset Instant,
        bool Alone = true
    );

    /// <param name="registry">Null: no other node shares the store, so none could start this node's
    /// jobs.</param>
    public static async Task<MembershipHeartbeat> StartAsync(
        Cluster cluster,
        NodeRegistry? registry,
        NodeIdentity self,
        MembershipSettings settings,
        NodeLog log,
        TimeProvider clock
    )
    {
        var standing = new MembershipHeartbeat(cluster, registry, self, settings, log, clock);
        if (registry is not null)
        {
            await standing.BeatAsync();
            standing._heartbeats = standing.BeatOnAsync();
        }
        return standing;
    }

    /// <summary>The longest time for which this node may have been removed without knowing it.
    /// Null: it was removed, or it cannot tell.</summary>
    public TimeSpan? Age()
    {
        var sight = Sight();
        return _registry is null
            ? (sight.IsMember ? TimeSpan.Zero : null)
            : MembershipStaleness.Age(
                sight.AsStored(_confirmed.Alone),
                SinceConfirmed(),
                _settings.Certainty
            );
    }

    /// <summary>Stops the heartbeats and records in the store that the node has left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _heartbeats;
        if (_registry is not null)
            await TryAsync(cancel =>
                _registry.HeartbeatAsync(_self, member: false, cancel, alone: false)
            );
        _end.Dispose();
    }

    private MembershipView Sight()
    {
        var state = _cluster.State;
        var others = state
            .Members.Where(member =>
                member.UniqueAddress != _cluster.SelfUniqueAddress
                && (member.HasRole(ClusterNames.Control) || member.HasRole(ClusterNames.Worker))
            )
            .ToArray();
        return new MembershipView(
            _cluster.SelfMember.Status == MemberStatus.Up,
            others.Length,
            others.Count(member => !state.Unreachable.Contains(member))
        );
    }

    private async Task BeatOnAsync()
    {
        using var timer = new PeriodicTimer(_settings.Heartbeat, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
                await BeatAsync();
        }
        catch (OperationCanceledException)
        {
            // The node is stopping.
        }
    }

    private async Task BeatAsync()
    {
        var sent = Now() with { Alone = Sight().Others == 0 };
        var answer = await TryAsync(cancel =>
            _registry!.HeartbeatAsync(_self, member: true, cancel, sent.Alone)
        );
        if (answer == true)
            _confirmed = sent;
        else if (answer == false)
        {
            _log.Write(
                LogLevel.Error,
                "node",
                $"Node {_self.Name} was removed from the cloud, or another node took its name: "
                    + "it restarts and joins again."
            );
            _cluster.Down(_cluster.SelfAddress);
        }
    }

    /// <summary>Null: the store is unavailable.</summary>
    private async Task<bool?> TryAsync(Func<CancellationToken, Task<bool>> heartbeat)
    {
        using var limit = new CancellationTokenSource(_settings.Certainty.Detection, _clock);
        try
        {
            return await heartbeat(limit.Token);
        }
        catch (Exception e)
            when (e is DbException or TimeoutException or OperationCanceledException)
        {
            _log.Write(LogLevel.Warning, "node", $"The store does not answer: {e.Message}");
            return null;
        }
    }

    private StoreConfirmation Now() => new(_clock.GetTimestamp(), _clock.GetUtcNow());

    private TimeSpan SinceConfirmed()
    {
        var last = _confirmed;
        var elapsed = _clock.GetElapsedTime(last.Timestamp);
        var passed = _clock.GetUtcNow() - last.Instant;
        return passed > elapsed ? passed : elapsed;
    }
}
