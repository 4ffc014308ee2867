using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Clocks;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>
/// The scheduler, a cluster singleton: keeps the ledger, runs rounds at its own pace and sends
/// their plans. It has only soft state, rebuilt from the reports of segments and nodes.
/// </summary>
internal sealed class SchedulerActor : ReceiveActor
{
    /// <summary>The time that a new scheduler waits for the reports of all segments before it
    /// assigns jobs: without them it does not know the most urgent job.</summary>
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(3);

    /// <summary>Interval at which one unfinished segment, each in turn, reports all its jobs;
    /// repairs the effect of lost messages.</summary>
    private static readonly TimeSpan AuditInterval = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Ledger _ledger = new();
    private readonly SchedulerDependencies _ports;
    private readonly SteadyClock _time;
    private readonly SchedulerSettings _settings;
    private readonly PlanSender _mail;
    private readonly RoundPacer _pacer;
    private readonly SegmentAudit _audit;
    private readonly ForecastRunner _forecasts = new();
    private readonly DateTimeOffset _settleBy;
    private IActorRef _lostNodes = ActorRefs.Nobody;
    private bool _storeHasAnswered;
    private bool _drainsAreKnown;
    private Task _drainsWritten = Task.CompletedTask;

    public SchedulerActor(SchedulerDependencies ports, SchedulerSettings settings)
    {
        (_ports, _settings) = (ports, settings);
        _time = new SteadyClock(ports.Clock);
        var now = _time.Instant;
        _settleBy = now + SettleLimit;
        _mail = new PlanSender(ports.Segments, ports.Agents, Self, epoch: now.ToMicroseconds());
        _pacer = new RoundPacer(Self, ports.Clock, settings.Pace);
        _audit = new SegmentAudit(AuditInterval, now);

        Receive<SegmentUpdate>(Learn);
        Receive<NodeOffer>(Learn);
        Receive<NodeLeft>(Learn);
        Receive<NodeReach>(Learn);
        Receive<RoundPacer.StartRound>(_ => Solve());
        Receive<DrainRequest>(WriteDrain);
        Receive<DrainWritten>(Drain);
        Receive<DrainsRead>(Begin);
        Receive<ExplainQueued>(Explain);
        Receive<AskWork>(_ => Sender.Tell(Forecast.WorkOf(_ledger, _forecasts.Limits)));
        Receive<AskForecast>(request =>
            _forecasts.Run(_ledger, _settings.Policy, Now, request, Sender)
        );
        Receive<SchedulerNodes>(_ => Sender.Tell(NodeViews.Of(_ledger)));
        Receive<Unfinished>(Begin);
        Receive<StoreFailed>(TryStoreLater);
    }

    private sealed record Unfinished(IReadOnlyList<long> Segments);

    private sealed record StoreFailed(Exception Why);

    private sealed record DrainsRead(IReadOnlyList<Drain> Drains);

    /// <param name="Error">Null: the change is on disk.</param>
    private sealed record DrainWritten(
        string Node,
        Drain? Drain,
        IActorRef Sender,
        Exception? Error
    );

    /// <summary>For all that lasts: the wall clock may be set.</summary>
    private long Now => _time.Now;

    public static Props Props(SchedulerDependencies ports, SchedulerSettings settings) =>
        Akka.Actor.Props.Create(() => new SchedulerActor(ports, settings));

    protected override void PreStart()
    {
        if (_ports.LostNodeDetector is { } props)
            _lostNodes = Context.ActorOf(props, "lost-node-detector");
        AskDrains();
        AskStore();
    }

    protected override void PostStop() => _pacer.Dispose();

    private void Learn(SegmentUpdate update)
    {
        _ledger.Apply(update, Now, _ports.Clock.NowMicroseconds());
        if (_ledger.HasWork || !Settled(_time.Instant))
            _pacer.RequestRound();
    }

    private void Learn(NodeOffer offer)
    {
        Tell(_ledger.Apply(offer, Now));
        _pacer.RequestRound();
    }

    private void Learn(NodeReach reach)
    {
        _ledger.Reach(reach.Node, reach.IsReached);
        _pacer.RequestRound();
    }

    private void Learn(NodeLeft left)
    {
        _ledger.Leave(left.Node, left.Planned, Now);
        _pacer.RequestRound();
    }

    private void Solve()
    {
        var started = _ports.Clock.GetTimestamp();
        var now = _time.Instant;
        if (now >= _audit.NextAt)
            Audit(now);

        if (!Settled(now))
        {
            _pacer.Skip(
                (now < _settleBy ? Earlier(_audit.NextAt, _settleBy) : _audit.NextAt) - now
            );
            return;
        }
        var plan = Scheduler.Solve(_ledger, _settings.Policy, now.ToMicroseconds());
        _mail.Send(plan);
        var next = plan.NextRoundAt is { } at
            ? Earlier(_audit.NextAt, Microseconds.ToInstant(at))
            : _audit.NextAt;
        _pacer.Done(started, next - now);
        _ports.Meters.Record(
            MetricCatalog.RoundSeconds,
            _ports.Clock.GetElapsedTime(started).TotalSeconds
        );
    }

    /// <summary>
    /// Whether the scheduler may assign jobs: without the reports of all segments it does not know
    /// what the nodes run, and would overload them.
    /// </summary>
    private bool Settled(DateTimeOffset now) =>
        _drainsAreKnown && (now >= _settleBy || (_storeHasAnswered && _ledger.Unanswered == 0));

    private void Audit(DateTimeOffset now)
    {
        if (!_drainsAreKnown)
            AskDrains();
        foreach (var node in _ledger.Nodes.Where(node => node is { Offer: null, IsLost: false }))
            _lostNodes.Tell(new LostNodeDetector.NeverSeen(node.Name));
        if (_audit.Take(now) is { } segment)
            AskFor(segment);
        else
            AskStore();
    }

    private void AskStore()
    {
        Ask(_ports.UnfinishedSegments).PipeTo(Self, failure: why => new StoreFailed(why));

        static async Task<Unfinished> Ask(Func<Task<IReadOnlyList<long>>> store) =>
            new(await store().ConfigureAwait(false));
    }

    private void AskDrains()
    {
        Ask(_ports.Drains).PipeTo(Self, failure: why => new StoreFailed(why));

        static async Task<DrainsRead> Ask(IDrainStore store) =>
            new(await store.ReadAsync().ConfigureAwait(false));
    }

    private void Begin(DrainsRead read)
    {
        foreach (var drain in read.Drains)
            Tell(_ledger.Drain(drain.Node, drain, Now));
        _drainsAreKnown = true;
        _pacer.RequestRound();
    }

    private void Begin(Unfinished unfinished)
    {
        _audit.Begin(unfinished.Segments, _time.Instant);
        if (!_storeHasAnswered)
            foreach (var segment in unfinished.Segments)
                AskFor(segment);
        _storeHasAnswered = true;
        _pacer.RequestRound();
    }

    private void TryStoreLater(StoreFailed failed)
    {
        _log.Warning(
            failed.Why,
            "Cannot read from the store which segments have unfinished jobs or which nodes are "
                + "drained; trying again in {0} s.",
            AuditInterval.TotalSeconds
        );
        _audit.Begin([], _time.Instant);
        _pacer.RequestRound();
    }

    private void AskFor(long segment)
    {
        _ledger.Expect(segment, Now);
        _mail.RequestReport(segment);
    }

    // Writes run one after another, so that the last request wins.
    private void WriteDrain(DrainRequest request)
    {
        // Before the drains are known, a drained node that is unreachable would be reported as
        // unknown.
        if (!_drainsAreKnown)
            Sender.Tell(Busy());
        else if (_ledger.RefusalOf(request) is { } refusal)
            Sender.Tell(refusal);
        else
        {
            var written = WriteAsync(
                _drainsWritten,
                _ports.Drains,
                new(request.Node, Protocol.Scheduling.Drain.Of(request, Now), Sender, null)
            );
            _drainsWritten = written;
            written.PipeTo(Self);
        }

        static async Task<DrainWritten> WriteAsync(
            Task earlier,
            IDrainStore store,
            DrainWritten drain
        )
        {
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await store.WriteAsync(drain.Node, drain.Drain).ConfigureAwait(false);
                return drain;
            }
            catch (Exception e)
            {
                return drain with { Error = e };
            }
        }
    }

    private void Drain(DrainWritten written)
    {
        if (written.Error is { } error)
        {
            _log.Warning(error, "Cannot write the drain of node {0}.", written.Node);
            written.Sender.Tell(
                Refusals.Of(
                    RefusalCode.StoreUnavailable,
                    $"Nothing was changed for node {written.Node}: the store does not answer. Try again."
                )
            );
            return;
        }
        Tell(_ledger.Drain(written.Node, written.Drain, Now));
        written.Sender.Tell(NodeViews.Of(_ledger));
        _pacer.RequestRound();
    }

    private void Tell(DrainRequest? request)
    {
        if (request is not null)
            _ports.Agents.Tell(request, Self);
    }

    private static Refusal Busy() =>
        Refusals.Of(
            RefusalCode.Busy,
            "The scheduler has just started and does not know yet which nodes are drained; try "
                + "again in a moment."
        );

    private void Explain(ExplainQueued request)
    {
        var (jid, holder) = (new Jid(request.Jid), new Jid(request.Holder));
        var reply = Explanation.Of(_ledger, _settings.Policy, jid, Now);
        reply.HeldUp =
            holder > 0 && Explanation.IsHeldUp(_ledger, _settings.Policy, jid, holder, Now);
        Sender.Tell(reply);
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
