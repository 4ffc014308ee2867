using Akka.Actor;
using Akka.Event;
using JobCloud.Node.Daemon.Clocks;
using JobCloud.Node.Daemon.Outputs;
using JobCloud.Node.Daemon.Outputs.Storage;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Text;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>The agent of one node. Starts and stops the attempts that segments order, within the
/// node's capacity, and repeats its reports until the segments have committed them.</summary>
/// <remarks>The executor is authoritative. The agent does nothing before it has the inventory;
/// after each disconnection or restart of this actor, the inventory shows what was lost.</remarks>
internal sealed partial class NodeAgentActor : UntypedActor, IWithTimers, IWithStash
{
    /// <summary>Time after which an unaccepted report is sent again.</summary>
    internal static readonly TimeSpan ReportRetry = TimeSpan.FromSeconds(2);

    /// <summary>Exit code after which a restart of this program may help (EX_TEMPFAIL of
    /// sysexits.h).</summary>
    public const int ExitToStartAnew = 75;

    private const string Unprepared = "its node could not prepare the start; see the node's log";

    private enum Tick
    {
        Flush,
        Linger,
        Retry,
        Offer,
        Lease,
        Evict,
        Stopped,
        Resume,
    }

    private readonly AgentSettings _settings;
    private readonly AgentDependencies _ports;
    private readonly SteadyClock _time;
    private readonly AttemptTable _table;
    private readonly UsageQuestions _usages = new();
    private readonly PortQuestions _portQuestions = new();
    private readonly IActorRef _outputs;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly long _session;
    private Inventory _machine = new();
    private ExecutorWatch _watch;
    private StoppedWatch _stopped;
    private bool _flushing;

    public NodeAgentActor(AgentSettings settings, AgentDependencies ports)
    {
        (_settings, _ports) = (settings, ports);
        _time = new SteadyClock(ports.Clock);
        _table = new AttemptTable(settings);
        _watch = new ExecutorWatch(settings.ExecutorGoneAfter);
        _session = Microseconds();
        _outputs = Context.ActorOf(ports.Outputs, "outputs");
        Observe();
    }

    public ITimerScheduler Timers { get; set; } = null!;
    public IStash Stash { get; set; } = null!;

    public static Props Props(AgentSettings settings, AgentDependencies ports) =>
        Akka.Actor.Props.Create(() => new NodeAgentActor(settings, ports));

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(Tick.Retry, Tick.Retry, ReportRetry);
        Timers.StartPeriodicTimer(Tick.Offer, Tick.Offer, _settings.OfferInterval);
        if (_settings.FenceAfter > TimeSpan.Zero)
            Timers.StartPeriodicTimer(Tick.Lease, Tick.Lease, _settings.FenceAfter / 10);
        Timers.StartPeriodicTimer(
            Tick.Stopped,
            Tick.Stopped,
            TimeSpan.FromMilliseconds(StoppedWatch.LookMs)
        );
        _ports.Executor.Attach(Self);
    }

    /// <summary>Handles messages before the first inventory: requests are stashed.</summary>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ExecutorUpdate update:
                Handle(update);
                break;
            case Tick.Flush or Tick.Linger or Tick.Evict or Tick.Stopped:
                HandleTick((Tick)message);
                break;
            case Tick:
                break;
            default:
                Stash.Stash();
                break;
        }
        _ports.Executor.Flush();
    }

    private void Ready(object message)
    {
        switch (message)
        {
            case ExecutorUpdate update:
                Handle(update);
                break;
            case Tick tick:
                HandleTick(tick);
                break;
            case ReportsAccepted accepted:
                Accept(accepted);
                break;
            case OutputKeeper.Kept kept:
                Release(kept);
                break;
            case CopiesMade made:
                Start(made);
                break;
            case StartAttempts start:
                _table.Order(start, AcceptsNothing || IsPaused || !HoldsLease());
                break;
            case RecallAttempts recall:
                _table.Recall(recall);
                break;
            case StopAttempts stop:
                foreach (var one in stop.Attempts)
                    if (_table.Stop(one) is { } attempt)
                        StopProcess(attempt);
                break;
            case CheckAttempts check:
                foreach (var key in check.Attempts)
                    _table.RepeatReport(AttemptId.Of(key));
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
                _usages.Add(Sender, question);
                AskUsages();
                break;
            case ReadPorts question:
                Send(new() { Ports = _portQuestions.Ask(Sender, question) });
                break;
            case ReadAttempts read:
                Forward(read);
                break;
            case ReadFiles:
                _ports.Reader.Forward(message);
                break;
            case BeginTerminal:
                _ports.Terminals.Forward(message);
                break;
            case ReadOutput read:
                Forward(read);
                break;
            case ListAttempts:
                Sender.Tell(new KnownAttempts(_table.All.Select(a => a.Id).ToHashSet()));
                break;
            case FindAttempt find:
                Sender.Tell(new FoundAttempt(_table.FindByProcess(find.Pids)));
                break;
            case DrainRequest drain:
                Drain(drain);
                break;
            case BeginHandover end:
                HandOver(end);
                break;
            default:
                Unhandled(message);
                break;
        }
        Settle();
        _ports.Executor.Flush();
    }

    /// <summary>Performs what the last message has made possible or due.</summary>
    private void Settle()
    {
        StartFitting();
        FlushIfDue();
        ConfirmHandover();
    }

    private void HandleTick(Tick tick)
    {
        switch (tick)
        {
            case Tick.Flush:
                _flushing = false;
                Flush(_table.Busy);
                break;
            case Tick.Linger:
                Flush(busy: false);
                break;
            case Tick.Retry:
                _table.Retry();
                break;
            case Tick.Offer or Tick.Resume:
                Offer();
                break;
            case Tick.Lease:
                RenewLease();
                break;
            case Tick.Evict:
                Evict();
                break;
            case Tick.Stopped:
                LookAtExecutor();
                break;
        }
    }

    // A node outside the cluster or without its executor lease starts nothing: another node may
    // run its jobs.
    private void StartFitting()
    {
        if (!_table.Busy || IsPaused || !_ports.IsMember() || !HoldsLease())
            return;
        for (var taken = _table.TakeFitting(); taken.Count > 0; taken = _table.TakeFitting())
            foreach (var attempt in taken)
                Start(attempt);
    }

    private void Start(KnownAttempt attempt)
    {
        var start = Prepare(attempt);
        if (!start.Ok)
            _table.CannotStart(attempt, start.Error.Message, Microseconds());
        else if (attempt.Copies is { Count: > 0 } copies)
            BeginCopies(attempt, start.Value, copies);
        else
            Send(new() { Start = start.Value });
    }

    // A job whose command cannot be prepared fails alone.
    private Parsed<StartProcess> Prepare(KnownAttempt attempt)
    {
        try
        {
            return attempt.Bind();
        }
        catch (Exception e)
        {
            _log.Error(e, "Cannot prepare the start of attempt {0}.", attempt.Id);
            return new TextError(0, 0, Unprepared);
        }
    }

    private void Note(AttemptReport report)
    {
        if (_table.Record(report) is { Stage: KnownAttemptStage.Ended, Followed: true } attempt)
            _outputs.Tell(new OutputReader.AttemptEnded(attempt.Id));
    }

    private void Accept(ReportsAccepted accepted)
    {
        var ended = new List<EndedOutput>();
        foreach (var key in accepted.Ended)
        {
            var id = AttemptId.Of(key);
            if (_table.ForgetAccepted(id) is not { } attempt)
                continue;
            // The executor may have a record of an attempt that it could not start.
            if (attempt.Report?.Ended is not { } end)
                AcceptEnd(id);
            else if (_ports.Keeper is not null)
                ended.Add(new EndedOutput(id, end.Exit, end.EndedAt));
            else
                AcceptEnd(id);
        }
        if (ended.Count > 0)
            _ports.Keeper.Tell(new OutputKeeper.Keep(ended));
        _unkept += ended.Count;
    }

    // After a crash, the executor reports again the ends whose output is not kept yet.
    private void Release(OutputKeeper.Kept kept)
    {
        _unkept = Math.Max(0, _unkept - kept.Attempts.Count);
        foreach (var id in kept.Attempts)
            AcceptEnd(id);
    }

    private void AcceptEnd(AttemptId id) =>
        Send(
            new()
            {
                Accept = new() { Jid = id.Jid, Attempt = id.Number },
            }
        );

    private void Forward(ReadOutput read)
    {
        var attempt = _table.Find(new(read.Jid, read.Attempt));
        var isAlive = attempt is { Stage: not KnownAttemptStage.Ended };
        if (isAlive && read.Wait)
            attempt!.Followed = true;
        var noSyslog = read.Stream == OutputStream.Syslog ? _machine.NoSyslog : "";
        _outputs.Forward(
            new OutputReader.ReadLocalOutput(read, isAlive, attempt is not null, noSyslog)
        );
    }

    private void Forward(ReadAttempts read)
    {
        var known = read
            .Questions.Select(q => new AttemptId(q.Jid, q.Attempt))
            .Where(id => _table.Find(id) is not null)
            .ToHashSet();
        _ports.Reader.Forward(
            new AttemptReader.ReadLocalAttempt(read, Self, known, _machine.NoSyslog)
        );
    }

    private void AskUsages()
    {
        if (_usages.Next() is { } question)
            Send(new() { Usages = question });
    }

    private static void Answer(IReadOnlyList<(IActorRef Asker, UsageRead Answer)> answers)
    {
        foreach (var (asker, answer) in answers)
            asker.Tell(answer);
    }

    // The flush queues behind a burst of messages in the mailbox, so that their reports are sent
    // together.
    private void FlushIfDue()
    {
        if (_flushing || _table.Outbox.IsEmpty)
            return;
        if (_table.Outbox.HasDue(_table.Busy, _time.Now))
        {
            _flushing = true;
            Self.Tell(Tick.Flush);
        }
        else if (!Timers.IsTimerActive(Tick.Linger))
            Timers.StartSingleTimer(Tick.Linger, Tick.Linger, _settings.ReportLinger);
    }

    private void Flush(bool busy)
    {
        foreach (var request in _table.Outbox.TakeDue(busy, _time.Now))
            _ports.Segments.Tell(request);
    }

    private void Send(ToExecutor message) => _ports.Executor.Send(message);

    private long Microseconds() => _ports.Clock.NowMicroseconds();
}
