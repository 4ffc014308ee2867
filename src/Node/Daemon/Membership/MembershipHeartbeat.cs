using System.Data.Common;
using Akka.Actor;
using Akka.Cluster;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>Sends this node's heartbeats to the store and computes how certain the node is of its
/// membership.</summary>
internal sealed class MembershipHeartbeat : IAsyncDisposable
{
    private const int LooksPerLimit = 5;

    /// <summary>The time that a downed node has to end by itself.</summary>
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(5);

    private readonly Cluster _cluster;
    private readonly NodeRegistry? _registry;
    private readonly NodeIdentity _self;
    private readonly MembershipSettings _settings;
    private readonly NodeLog _log;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private volatile StoreConfirmation _confirmed;

    /// <summary>Since when the store has answered every heartbeat.</summary>
    private long _answeredSince;
    private long _lookedAt;
    private bool _isRemoved;
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
        _answeredSince = _lookedAt = clock.GetTimestamp();
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
        if (answer is null)
            _answeredSince = _clock.GetTimestamp();
        else if (answer == false)
            End();
        else
        {
            _confirmed = sent;
            if (_self.Roles.Contains(ClusterNames.Control))
                await RemoveCutOffAsync();
        }
    }

    private void End()
    {
        if (_isRemoved)
            return;
        _isRemoved = true;
        _log.Write(
            LogLevel.Error,
            "node",
            $"Node {_self.Name} was removed from the cloud, or another node took its name: "
                + "it restarts and joins again."
        );
        _cluster.Down(_cluster.SelfAddress);
        _ = EndSystemAsync();
    }

    // The cluster ignores Down for a node that is no member any more, or not yet.
    private async Task EndSystemAsync()
    {
        await Task.WhenAny(_cluster.System.WhenTerminated, Task.Delay(DownTime, _clock));
        await CoordinatedShutdown
            .Get(_cluster.System)
            .Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    /// <summary>Makes members leave that the store has not heard while it answered this
    /// node.</summary>
    private async Task RemoveCutOffAsync()
    {
        var limit = _settings.CutOffLimit;
        if (_clock.GetElapsedTime(_lookedAt) < limit / LooksPerLimit)
            return;
        _lookedAt = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(_answeredSince) < limit)
            return;
        if (await TryAsync(cancel => _registry!.OthersAsync(_self.Name, cancel)) is not { } others)
            return;
        var state = _cluster.State;
        foreach (var member in state.Members)
        {
            if (
                others.Find(other => other.Session == member.UniqueAddress.Uid) is not { } stored
                || stored.Address != member.Address.ToString()
            )
                continue;
            var view = new StoreCutOff.Member(
                member.Status == MemberStatus.Up,
                member.HasRole(ClusterNames.Control),
                !state.Unreachable.Contains(member),
                stored.Silent
            );
            var answered = _clock.GetElapsedTime(_answeredSince);
            switch (StoreCutOff.Decide(view, answered, limit))
            {
                case StoreCutOff.Step.Leave:
                    Tell(stored, "does not reach the store, which others reach: it leaves");
                    _cluster.Leave(member.Address);
                    break;
                case StoreCutOff.Step.Down:
                    Tell(
                        stored,
                        "does not reach the store and did not leave in time: it is removed"
                    );
                    _cluster.Down(member.Address);
                    break;
            }
        }
    }

    private void Tell(StoredNode node, string what) =>
        _log.Write(
            LogLevel.Warning,
            "node",
            $"Node {node.Name} {what}. The store has not heard it for "
                + $"{node.Silent.TotalSeconds:F0} s; check its connection to the store."
        );

    /// <summary>Null: the store is unavailable.</summary>
    private async Task<bool?> TryAsync(Func<CancellationToken, Task<bool>> heartbeat) =>
        await TryAsync<object>(async cancel => await heartbeat(cancel)) as bool?;

    /// <summary>Null: the store is unavailable.</summary>
    private async Task<T?> TryAsync<T>(Func<CancellationToken, Task<T>> request)
        where T : class
    {
        using var limit = new CancellationTokenSource(_settings.Certainty.Detection, _clock);
        try
        {
            return await request(limit.Token);
        }
        catch (Exception e)
            when (e is DbException or TimeoutException or OperationCanceledException)
        {
            StorePools.Note(e);
            _log.WriteRateLimited(
                LogLevel.Warning,
                "node",
                $"The store does not answer: {e.Message}"
            );
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
