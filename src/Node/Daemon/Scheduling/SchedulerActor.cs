using Akka.Actor;
using Akka.Event;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>
/// Feeds the ledger, solves at its own pace, sends what the plan says. A cluster singleton without a
/// state of its own: whatever it knows, segments and nodes tell again.
/// </summary>
public sealed class SchedulerActor : ReceiveActor
{
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly Ledger ledger = new();
    private readonly SchedulerPorts ports;
    private readonly SchedulerSettings settings;
    private readonly Mail mail;
    private readonly Pacer pacer;
    private readonly AuditRound audit;
    private readonly DateTimeOffset settleBy;
    private IActorRef departures = ActorRefs.Nobody;
    private bool storeHasAnswered;
    private bool drainsAreKnown;
    private Task drainsWritten = Task.CompletedTask;

    public SchedulerActor(SchedulerPorts ports, SchedulerSettings settings)
    {
        (this.ports, this.settings) = (ports, settings);
        var now = ports.Time.GetUtcNow();
        settleBy = now + settings.SettleLimit;
        mail = new Mail(ports.Segments, Self, epoch: now.ToMicroseconds());
        pacer = new Pacer(Self, ports.Time, settings.Pace);
        audit = new AuditRound(settings.AuditInterval, now);

        Receive<SegmentUpdate>(Learn);
        Receive<NodeOffer>(Learn);
        Receive<NodeLeft>(Learn);
        Receive<Pacer.SolveNow>(_ => Solve());
        Receive<DrainRequest>(WriteDrain);
        Receive<DrainWritten>(Drain);
        Receive<DrainsRead>(Begin);
        Receive<ExplainQueued>(Explain);
        Receive<SchedulerNodes>(_ => Sender.Tell(NodeViews.Of(ledger)));
        Receive<Unfinished>(Begin);
        Receive<StoreFailed>(TryStoreLater);
    }

    private sealed record Unfinished(IReadOnlyList<long> Segments);

    private sealed record StoreFailed(Exception Why);

    private sealed record DrainsRead(IReadOnlyList<Drain> Drains);

    /// <param name="Trouble">Null: it is on disk.</param>
    private sealed record DrainWritten(
        string Node,
        Drain? Drain,
        IActorRef Asker,
        Exception? Trouble
    );

    private long Now => ports.Time.NowMicroseconds();

    public static Props Props(SchedulerPorts ports, SchedulerSettings settings) =>
        Akka.Actor.Props.Create(() => new SchedulerActor(ports, settings));

    protected override void PreStart()
    {
        if (ports.Departures is { } props)
            departures = Context.ActorOf(props, "departures");
        AskDrains();
        AskStore();
    }

    protected override void PostStop() => pacer.Dispose();

    private void Learn(SegmentUpdate update)
    {
        ledger.Learn(update, Now);
        if (ledger.HasWork || !Settled(ports.Time.GetUtcNow()))
            pacer.Ask();
    }

    private void Learn(NodeOffer offer)
    {
        Tell(ledger.Learn(offer, Now));
        pacer.Ask();
    }

    private void Learn(NodeLeft left)
    {
        ledger.Leave(left.Node, left.Planned, Now);
        pacer.Ask();
    }

    private void Solve()
    {
        var started = ports.Time.GetTimestamp();
        var now = ports.Time.GetUtcNow();
        if (now >= audit.NextAt)
            Audit(now);

        if (!Settled(now))
        {
            pacer.Skip((now < settleBy ? Earlier(audit.NextAt, settleBy) : audit.NextAt) - now);
            return;
        }
        var plan = Scheduler.Solve(ledger, settings.Policy, now.ToMicroseconds());
        mail.Send(plan);
        var next = plan.LookAgainAt is { } at
            ? Earlier(audit.NextAt, Microseconds.ToInstant(at))
            : audit.NextAt;
        pacer.Done(started, next - now);
    }

    /// <summary>
    /// A scheduler that has not heard from all segments does not know what the nodes are doing, and
    /// would give them too much.
    /// </summary>
    private bool Settled(DateTimeOffset now) =>
        drainsAreKnown && (now >= settleBy || (storeHasAnswered && ledger.Unanswered == 0));

    private void Audit(DateTimeOffset now)
    {
        if (!drainsAreKnown)
            AskDrains();
        foreach (var node in ledger.Nodes.Where(node => node is { Offer: null, Gone: false }))
            departures.Tell(new Departures.NeverSeen(node.Name));
        if (audit.Take(now) is { } segment)
            AskFor(segment);
        else
            AskStore();
    }

    private void AskStore()
    {
        Ask(ports.UnfinishedSegments).PipeTo(Self, failure: why => new StoreFailed(why));

        static async Task<Unfinished> Ask(Func<Task<IReadOnlyList<long>>> store) =>
            new(await store().ConfigureAwait(false));
    }

    private void AskDrains()
    {
        Ask(ports.Drains).PipeTo(Self, failure: why => new StoreFailed(why));

        static async Task<DrainsRead> Ask(IDrainStore store) =>
            new(await store.ReadAsync().ConfigureAwait(false));
    }

    private void Begin(DrainsRead read)
    {
        foreach (var drain in read.Drains)
            Tell(ledger.Drain(drain.Node, drain, Now));
        drainsAreKnown = true;
        pacer.Ask();
    }

    private void Begin(Unfinished unfinished)
    {
        audit.Begin(unfinished.Segments, ports.Time.GetUtcNow());
        if (!storeHasAnswered)
            foreach (var segment in unfinished.Segments)
                AskFor(segment);
        storeHasAnswered = true;
        pacer.Ask();
    }

    private void TryStoreLater(StoreFailed failed)
    {
        log.Warning(
            failed.Why,
            "The store did not say which segments have unfinished jobs, or which nodes are drained; it is asked again in {0} s.",
            settings.AuditInterval.TotalSeconds
        );
        audit.Begin([], ports.Time.GetUtcNow());
        pacer.Ask();
    }

    private void AskFor(long segment)
    {
        ledger.Expect(segment, Now);
        mail.Hello(segment);
    }

    // One after another, so that the store ends up with what was asked for last.
    private void WriteDrain(DrainRequest request)
    {
        if (!drainsAreKnown)
            Sender.Tell(Busy());
        else if (ledger.RefusalOf(request) is { } refusal)
            Sender.Tell(refusal);
        else
        {
            var written = WriteAsync(
                drainsWritten,
                ports.Drains,
                new(request.Node, Protocol.Scheduling.Drain.Of(request, Now), Sender, null)
            );
            drainsWritten = written;
            written.PipeTo(Self);
        }

        static async Task<DrainWritten> WriteAsync(
            Task earlier,
            IDrainStore store,
            DrainWritten asked
        )
        {
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await store.WriteAsync(asked.Node, asked.Drain).ConfigureAwait(false);
                return asked;
            }
            catch (Exception e)
            {
                return asked with { Trouble = e };
            }
        }
    }

    private void Drain(DrainWritten written)
    {
        if (written.Trouble is { } trouble)
        {
            log.Warning(trouble, "The drain of node {0} cannot be written.", written.Node);
            written.Asker.Tell(
                Refusals.Of(
                    RefusalCode.StoreUnavailable,
                    0,
                    $"Nothing was changed for node {written.Node}: the store does not answer; try again."
                )
            );
            return;
        }
        Tell(ledger.Drain(written.Node, written.Drain, Now));
        written.Asker.Tell(NodeViews.Of(ledger));
        pacer.Ask();
    }

    private void Tell(DrainRequest? unheard)
    {
        if (unheard is not null)
            ports.Agents.Tell(unheard, Self);
    }

    private static Refusal Busy() =>
        Refusals.Of(
            RefusalCode.Busy,
            0,
            "The scheduler has just started, and does not know yet which nodes are drained; try again in a moment."
        );

    private void Explain(ExplainQueued asked) =>
        Sender.Tell(Explanation.Of(ledger, settings.Policy, asked.Jid, Now));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
