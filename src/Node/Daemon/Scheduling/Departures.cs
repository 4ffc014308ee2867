using Akka.Actor;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>What judges whether a removed node can still have living jobs.</summary>
/// <param name="PutOut">Has the store confirm a node's session no more, and tells what it knows of
/// the node; null: nothing.</param>
/// <param name="Hold">How long a node's own sight may outlive its removal.</param>
/// <param name="DeathTime">From a node's last certainty to the death of its last process.</param>
/// <param name="IsAbsent">Whether nothing can live of a node that this cloud has never seen, and
/// for how long nobody could vouch for it, by <see cref="Absence"/>.</param>
internal sealed record DepartureRules(
    Func<string, int, Task<DepartureWord?>> PutOut,
    Func<string, TimeSpan, Task<AbsenceWord>> IsAbsent,
    TimeSpan Hold,
    TimeSpan DeathTime
);

/// <param name="Sure">Nothing of it lives.</param>
/// <param name="Vouched">It is a member, or another one could vouch for it: the time begins
/// anew.</param>
internal readonly record struct AbsenceWord(bool Sure, bool Vouched);

/// <summary>Tells its parent of each node that the cluster has removed, and of those named to it
/// that the cloud has never seen, once nothing of it can live.</summary>
internal sealed class Departures : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LookForAbsent = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Roster.Removed> _pending = [];

    /// <summary>Since when nobody could vouch for them; null: it is not known yet.</summary>
    private readonly Dictionary<string, long?> _absent = [];
    private readonly IActorRef _roster;

    public Departures(IActorRef roster, DepartureRules rules, TimeProvider clock)
    {
        _roster = roster;
        Receive<Roster.Removed>(removed =>
        {
            _pending[removed.Node] = removed;
            Look();
        });
        Receive<Roster.Back>(back =>
        {
            _pending.Remove(back.Node);
            _absent.Remove(back.Node);
        });
        Receive<NeverSeen>(unseen =>
        {
            _absent.TryAdd(unseen.Node, null);
            Look();
        });
        Receive<AbsentTick>(_ =>
        {
            foreach (var (node, since) in _absent)
                AskAsync(rules, node, since is { } at ? clock.GetElapsedTime(at) : TimeSpan.Zero)
                    .PipeTo(Self, failure: why => new StoreAway(why.Message));
            Look();
        });
        Receive<HeardOfAbsent>(heard =>
        {
            if (!_absent.TryGetValue(heard.Node, out var since))
                return;
            _absent[heard.Node] = heard.Word.Vouched ? null : since ?? clock.GetTimestamp();
            if (!heard.Word.Sure)
                return;
            _absent.Remove(heard.Node);
            Context.Parent.Tell(new NodeLeft(heard.Node, Planned: false));
        });
        Receive<Tick>(_ =>
        {
            foreach (var removed in _pending.Values)
                AskAsync(rules, removed).PipeTo(Self, failure: why => new StoreAway(why.Message));
            Look();
        });
        Receive<Heard>(heard =>
        {
            var removed = heard.Of;
            if (
                _pending.GetValueOrDefault(removed.Node) != removed
                || !Departure.IsSure(
                    clock.GetElapsedTime(removed.At),
                    heard.Word,
                    rules.Hold,
                    rules.DeathTime
                )
            )
                return;
            _pending.Remove(removed.Node);
            Context.Parent.Tell(new NodeLeft(removed.Node, removed.Planned));
        });
        // It is asked again: while it is away nothing could be started either.
        Receive<StoreAway>(_ => { });
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>Attempts are there of a node that was never heard of.</summary>
    public sealed record NeverSeen(string Node);

    private sealed record AbsentTick
    {
        public static readonly AbsentTick Instance = new();
    }

    private sealed record HeardOfAbsent(string Node, AbsenceWord Word);

    private sealed record Heard(Roster.Removed Of, DepartureWord? Word);

    private sealed record StoreAway(string Why);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef roster, DepartureRules rules, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Departures(roster, rules, clock));

    protected override void PreStart() => _roster.Tell(Roster.Follow.Instance);

    private void Look()
    {
        if (_pending.Count > 0)
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, LookAgain);
        if (_absent.Count > 0 && !Timers.IsTimerActive(nameof(AbsentTick)))
            Timers.StartSingleTimer(nameof(AbsentTick), AbsentTick.Instance, LookForAbsent);
    }

    private static async Task<HeardOfAbsent> AskAsync(
        DepartureRules rules,
        string node,
        TimeSpan unvouched
    ) => new(node, await rules.IsAbsent(node, unvouched).ConfigureAwait(false));

    private static async Task<Heard> AskAsync(DepartureRules rules, Roster.Removed removed) =>
        new(removed, await rules.PutOut(removed.Node, removed.Session).ConfigureAwait(false));
}
