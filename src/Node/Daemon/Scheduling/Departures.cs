using Akka.Actor;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Protocol.Membership;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>What judges whether a removed node can still have living jobs.</summary>
/// <param name="PutOut">Has the store confirm a node's session no more, and tells what it knows of the
/// node; null: nothing.</param>
/// <param name="Hold">How long a node's own sight may outlive its removal.</param>
/// <param name="DeathTime">From a node's last certainty to the death of its last process.</param>
public sealed record DepartureRules(
    Func<string, int, Task<DepartureWord?>> PutOut,
    TimeSpan Hold,
    TimeSpan DeathTime
);

/// <summary>Tells its parent of each node that the cluster has removed, once nothing of it can live.</summary>
public sealed class Departures : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, Roster.Removed> pending = [];
    private readonly IActorRef roster;

    public Departures(IActorRef roster, DepartureRules rules, TimeProvider clock)
    {
        this.roster = roster;
        Receive<Roster.Removed>(removed =>
        {
            pending[removed.Node] = removed;
            Look();
        });
        Receive<Roster.Back>(back => pending.Remove(back.Node));
        Receive<Tick>(_ =>
        {
            foreach (var removed in pending.Values)
                AskAsync(rules, removed).PipeTo(Self, failure: why => new StoreAway(why.Message));
            Look();
        });
        Receive<Heard>(heard =>
        {
            var removed = heard.Of;
            if (
                pending.GetValueOrDefault(removed.Node) != removed
                || !Departure.IsSure(
                    clock.GetElapsedTime(removed.At),
                    heard.Word,
                    rules.Hold,
                    rules.DeathTime
                )
            )
                return;
            pending.Remove(removed.Node);
            Context.Parent.Tell(new NodeLeft(removed.Node, removed.Planned));
        });
        // It is asked again: while it is away nothing could be started either.
        Receive<StoreAway>(_ => { });
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record Heard(Roster.Removed Of, DepartureWord? Word);

    private sealed record StoreAway(string Why);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(IActorRef roster, DepartureRules rules, TimeProvider clock) =>
        Akka.Actor.Props.Create(() => new Departures(roster, rules, clock));

    protected override void PreStart() => roster.Tell(Roster.Follow.Instance);

    private void Look()
    {
        if (pending.Count > 0)
            Timers.StartSingleTimer(nameof(Tick), Tick.Instance, LookAgain);
    }

    private static async Task<Heard> AskAsync(DepartureRules rules, Roster.Removed removed) =>
        new(removed, await rules.PutOut(removed.Node, removed.Session).ConfigureAwait(false));
}
