using System.Data.Common;
using Akka.Cluster;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Membership;

/// <summary>How this node stands with its cloud: tells the store that it lives, and knows how sure it
/// may be of being counted in.</summary>
public sealed class Standing : IAsyncDisposable
{
    private readonly Cluster cluster;
    private readonly NodeRegistry? registry;
    private readonly NodeIdentity self;
    private readonly MembershipSettings settings;
    private readonly NodeLog log;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource end = new();
    private volatile Confirmation confirmed;
    private Task beating = Task.CompletedTask;

    private Standing(
        Cluster cluster,
        NodeRegistry? registry,
        NodeIdentity self,
        MembershipSettings settings,
        NodeLog log,
        TimeProvider clock
    )
    {
        (this.cluster, this.registry, this.self) = (cluster, registry, self);
        (this.settings, this.log, this.clock) = (settings, log, clock);
        confirmed = Now();
    }

    // A clock stops while the machine sleeps, and the other one may be set: the longer time counts.
    private sealed record Confirmation(long Timestamp, DateTimeOffset Instant, bool Alone = true);

    /// <param name="registry">Null: the store is this node's alone, and nobody else could start its jobs.</param>
    public static async Task<Standing> StartAsync(
        Cluster cluster,
        NodeRegistry? registry,
        NodeIdentity self,
        MembershipSettings settings,
        NodeLog log,
        TimeProvider clock
    )
    {
        var standing = new Standing(cluster, registry, self, settings, log, clock);
        if (registry is not null)
        {
            await standing.BeatAsync();
            standing.beating = standing.BeatOnAsync();
        }
        return standing;
    }

    /// <summary>Since when this node may be out without knowing it; null: it is out, or cannot tell.</summary>
    public TimeSpan? Age()
    {
        var sight = Sight();
        return registry is null
            ? (sight.CountedIn ? TimeSpan.Zero : null)
            : Certainty.Age(sight.AsTold(confirmed.Alone), SinceConfirmed(), settings.Certainty);
    }

    /// <summary>Stops telling the store that it lives, and says that it has left.</summary>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await beating;
        if (registry is not null)
            await TryAsync(cancel => registry.BeatAsync(self, member: false, cancel, alone: false));
        end.Dispose();
    }

    private ClusterSight Sight()
    {
        var state = cluster.State;
        var others = state
            .Members.Where(member =>
                member.UniqueAddress != cluster.SelfUniqueAddress
                && (member.HasRole(ClusterNames.Control) || member.HasRole(ClusterNames.Worker))
            )
            .ToArray();
        return new ClusterSight(
            cluster.SelfMember.Status == MemberStatus.Up,
            others.Length,
            others.Count(member => !state.Unreachable.Contains(member))
        );
    }

    private async Task BeatOnAsync()
    {
        using var timer = new PeriodicTimer(settings.Heartbeat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(end.Token))
                await BeatAsync();
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    private async Task BeatAsync()
    {
        var asked = Now() with { Alone = Sight().Others == 0 };
        var answer = await TryAsync(cancel =>
            registry!.BeatAsync(self, member: true, cancel, asked.Alone)
        );
        if (answer == true)
            confirmed = asked;
        else if (answer == false)
        {
            log.Write(
                LogLevel.Error,
                "node",
                $"{self.Name} was put out of the cloud, or another node took its name: it ends and joins anew."
            );
            cluster.Down(cluster.SelfAddress);
        }
    }

    /// <summary>Null: the store is away.</summary>
    private async Task<bool?> TryAsync(Func<CancellationToken, Task<bool>> ask)
    {
        using var limit = new CancellationTokenSource(settings.Certainty.Detection, clock);
        try
        {
            return await ask(limit.Token);
        }
        catch (Exception e)
            when (e is DbException or TimeoutException or OperationCanceledException)
        {
            log.Write(LogLevel.Warning, "node", $"The store does not answer: {e.Message}");
            return null;
        }
    }

    private Confirmation Now() => new(clock.GetTimestamp(), clock.GetUtcNow());

    private TimeSpan SinceConfirmed()
    {
        var last = confirmed;
        var elapsed = clock.GetElapsedTime(last.Timestamp);
        var passed = clock.GetUtcNow() - last.Instant;
        return passed > elapsed ? passed : elapsed;
    }
}
