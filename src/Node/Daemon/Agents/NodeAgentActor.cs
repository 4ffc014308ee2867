using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Stored;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>
/// Speaks for one machine: starts and stops the attempts that segments order, within the
/// machine's capacity, and tells the segments what became of them until they have it safe.
/// </summary>
/// <remarks>
/// The executor is the truth: nothing is done before its inventory is known, and after each break
/// of the connection the inventory says what got lost.
/// </remarks>
public sealed partial class NodeAgentActor : UntypedActor, IWithTimers, IWithStash
{
    /// <summary>Another start of this program may help (EX_TEMPFAIL of sysexits.h).</summary>
    public const int ExitToStartAnew = 75;

    private enum Tick
    {
        Flush,
        Linger,
        Retry,
        Offer,
        Lease,
        Evict,
    }

    private readonly AgentSettings settings;
    private readonly AgentPorts ports;
    private readonly AttemptTable table;
    private readonly UsageRounds usages = new();
    private readonly PortQuestions portQuestions = new();
    private readonly IActorRef outputs;
    private readonly Props attemptProps;

    // Making and ending an actor costs more than all that it does for a short attempt.
    private readonly Stack<IActorRef> idle = [];
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly long session;
    private Inventory machine = new();
    private ExecutorWatch watch;
    private bool flushing;

    public NodeAgentActor(AgentSettings settings, AgentPorts ports)
    {
        (this.settings, this.ports) = (settings, ports);
        table = new AttemptTable(settings);
        watch = new ExecutorWatch(settings.ExecutorGoneAfter);
        session = Microseconds();
        outputs = Context.ActorOf(ports.Outputs, "outputs");
        attemptProps = Akka.Actor.Props.Create(() => new AttemptActor(ports.Executor));
    }

    public ITimerScheduler Timers { get; set; } = null!;
    public IStash Stash { get; set; } = null!;

    public static Props Props(AgentSettings settings, AgentPorts ports) =>
        Akka.Actor.Props.Create(() => new NodeAgentActor(settings, ports));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Retry, Tick.Retry, settings.ReportRetry);
        Timers.StartPeriodicTimer(Tick.Offer, Tick.Offer, settings.OfferInterval);
        if (settings.FenceAfter > TimeSpan.Zero)
            Timers.StartPeriodicTimer(Tick.Lease, Tick.Lease, settings.FenceAfter / 10);
        ports.Executor.Attach(Self);
    }

    // A child that fails is gone; what became of its attempt, the executor knows.
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(e =>
        {
            log.Error(e, "{0} failed.", Sender);
            if (Sender.Equals(outputs))
                return Directive.Restart;
            foreach (var attempt in table.All)
                if (Sender.Equals(attempt.Child))
                    attempt.Child = null;
            SayHello();
            return Directive.Stop;
        });

    /// <summary>Until there is an inventory: all that is asked for waits.</summary>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ExecutorNews news:
                Hear(news);
                break;
            case Tick.Flush or Tick.Linger or Tick.Evict:
                At((Tick)message);
                break;
            case Tick:
                break;
            default:
                Stash.Stash();
                break;
        }
    }

    private void Ready(object message)
    {
        switch (message)
        {
            case AttemptReport report:
                Note(report);
                break;
            case ExecutorNews news:
                Hear(news);
                break;
            case Tick tick:
                At(tick);
                break;
            case ReportsAccepted accepted:
                Accept(accepted);
                break;
            case OutputKeeper.Kept kept:
                Release(kept);
                break;
            case StartAttempts start:
                table.Order(start, TakesNothing);
                break;
            case StopAttempts stop:
                foreach (var one in stop.Attempts)
                    if (table.Stop(one) is { } attempt)
                        StopProcess(attempt);
                break;
            case CheckAttempts check:
                foreach (var key in check.Attempts)
                    table.Check(AttemptId.Of(key));
                break;
            case ForgetJobs forget:
                foreach (var key in forget.Attempts)
                    Send(
                        new()
                        {
                            Forget = new() { Jid = key.Jid, Attempt = key.Attempt },
                        }
                    );
                break;
            case ReadUsage question:
                usages.Add(Sender, question);
                AskUsages();
                break;
            case ReadPorts question:
                Send(new() { Ports = portQuestions.Ask(Sender, question) });
                break;
            case ReadAttempts read:
                Forward(read);
                break;
            case BeginTerminal:
                ports.Terminals.Forward(message);
                break;
            case ReadOutput read:
                Forward(read);
                break;
            case ListAttempts:
                Sender.Tell(new KnownAttempts(table.All.Select(a => a.Id).ToHashSet()));
                break;
            case DrainRequest drain:
                Drain(drain);
                break;
            case EndWork end:
                Leave(end);
                break;
            default:
                Unhandled(message);
                break;
        }
        StartFitting();
        FlushIfDue();
        TellLeaver();
    }

    private void At(Tick tick)
    {
        switch (tick)
        {
            case Tick.Flush:
                flushing = false;
                Flush(table.Busy);
                break;
            case Tick.Linger:
                Flush(busy: false);
                break;
            case Tick.Retry:
                table.Retry();
                break;
            case Tick.Offer:
                Offer();
                break;
            case Tick.Lease:
                if (ports.Certainty() is { } age)
                    Send(new() { Renew = new() { AgeMs = (long)age.TotalMilliseconds } });
                break;
            case Tick.Evict:
                Evict();
                break;
        }
    }

    // A node that is not counted in starts nothing: another may run its jobs.
    private void StartFitting()
    {
        if (!table.Busy || !ports.InCluster())
            return;
        for (var taken = table.TakeFitting(); taken.Count > 0; taken = table.TakeFitting())
            foreach (var attempt in taken)
                if (attempt.Trouble.Length > 0)
                    table.CannotStart(attempt, Microseconds());
                else
                    Child(attempt).Tell(attempt.Bind());
    }

    private void Note(AttemptReport report)
    {
        if (table.Note(report) is { Stage: AttemptStage.Over, Followed: true } attempt)
            outputs.Tell(new OutputReader.AttemptOver(attempt.Id));
    }

    private void Accept(ReportsAccepted accepted)
    {
        var ended = new List<EndedOutput>();
        foreach (var key in accepted.Ended)
        {
            var id = AttemptId.Of(key);
            if (table.Accept(id) is not { Child: { } child } attempt)
                continue;
            if (ports.Keeper is not null && attempt.Report?.Ended is { } end)
                ended.Add(new EndedOutput(id, end.Exit, end.EndedAt));
            else
                child.Tell(new AttemptActor.EndAccepted(id));
            idle.Push(child);
        }
        if (ended.Count > 0)
            ports.Keeper.Tell(new OutputKeeper.Keep(ended));
        unkept += ended.Count;
    }

    // What is not kept yet, the executor tells again after a crash.
    private void Release(OutputKeeper.Kept kept)
    {
        unkept = Math.Max(0, unkept - kept.Attempts.Count);
        foreach (var (jid, attempt) in kept.Attempts)
            Send(
                new()
                {
                    Accept = new() { Jid = jid, Attempt = attempt },
                }
            );
    }

    private void StopProcess(KnownAttempt attempt) =>
        Child(attempt)
            .Tell(
                new StopProcess
                {
                    Jid = attempt.Id.Jid,
                    Attempt = attempt.Id.Number,
                    GraceMs = attempt.StopGraceMs ?? 0,
                }
            );

    private void Forward(ReadOutput read)
    {
        var attempt = table.Find(new(read.Jid, read.Attempt));
        var lives = attempt is { Stage: not AttemptStage.Over };
        if (lives && read.Wait)
            attempt!.Followed = true;
        var lacking = read.Stream == OutputStream.Syslog ? machine.NoSyslog : "";
        outputs.Forward(new OutputReader.ReadHere(read, lives, attempt is not null, lacking));
    }

    private void Forward(ReadAttempts read)
    {
        var known = read
            .Questions.Select(q => new AttemptId(q.Jid, q.Attempt))
            .Where(id => table.Find(id) is not null)
            .ToHashSet();
        ports.Reader.Forward(new AttemptReader.ReadHere(read, Self, known, machine.NoSyslog));
    }

    private void AskUsages()
    {
        if (usages.Next() is { } question)
            Send(new() { Usages = question });
    }

    private static void Answer(IReadOnlyList<(IActorRef Asker, UsageRead Answer)> answers)
    {
        foreach (var (asker, answer) in answers)
            asker.Tell(answer);
    }

    // A burst that stands in the mailbox is sent as one: the flush is queued behind it.
    private void FlushIfDue()
    {
        if (flushing || table.Outbox.IsEmpty)
            return;
        if (table.Outbox.HasDue(table.Busy, Microseconds()))
        {
            flushing = true;
            Self.Tell(Tick.Flush);
        }
        else if (!Timers.IsTimerActive(Tick.Linger))
            Timers.StartSingleTimer(Tick.Linger, Tick.Linger, settings.ReportLinger);
    }

    private void Flush(bool busy)
    {
        foreach (var request in table.Outbox.TakeDue(busy, Microseconds()))
            ports.Segments.Tell(request);
    }

    private void Offer() =>
        ports.Scheduler.Tell(
            new NodeOffer
            {
                Node = settings.Node,
                Session = session,
                Address = settings.Address,
                Version = settings.Version,
                Since = session,
                Capacity = settings.Capacity,
                Backlog = settings.Backlog,
                Limits = machine.Limits,
                Draining = TakesNothing,
                Reason = leaver is not null ? Stopping : drained?.Reason ?? "",
                Drain = drained?.Since ?? 0,
                ExecutorPid = machine.ExecutorPid,
                Isolation = machine.Isolation,
                Roles = { settings.Roles },
            }
        );

    private IActorRef Child(KnownAttempt attempt) =>
        attempt.Child ??= idle.TryPop(out var child) ? child : Context.ActorOf(attemptProps);

    private void Send(ToExecutor message) => ports.Executor.Send(message);

    private long Microseconds() => ports.Clock.NowMicroseconds();
}
