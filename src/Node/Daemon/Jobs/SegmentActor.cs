using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>
/// The shell around <see cref="Segment"/>: 1,024 jobs, one journal, group commit. While a write is
/// under way requests wait; when it returns they are decided together and written as one row. A
/// reply leaves only after the commit that it depends on.
/// </summary>
public sealed class SegmentActor : UntypedPersistentActor, IWithTimers
{
    private const string NothingChanged =
        "The store is not available: nothing was changed. Try again.";

    private const string Unsure =
        "The store did not confirm the change in time: it may be made or not. Look before you try again.";

    private readonly SegmentPorts ports;
    private readonly SegmentMail mail;
    private readonly Segment segment;
    private readonly Subscribers subscribers = new();
    private readonly Queue<(SegmentRequest Request, IActorRef Sender)> waiting = [];
    private readonly List<(IActorRef To, SegmentReply Reply)> answers = [];
    private readonly List<(IActorRef To, ReadRows Read)> readers = [];
    private readonly ILoggingAdapter log = Context.GetLogger();
    private Batch? inFlight;
    private long usedAt;
    private string? broken;

    public SegmentActor(long number, SegmentPorts ports)
    {
        this.ports = ports;
        segment = new Segment(number);
        mail = new SegmentMail(ports, segment);
        PersistenceId = ClusterNames.SegmentId(number);
    }

    public static Props Props(long number, SegmentPorts ports) =>
        Akka.Actor.Props.Create(() => new SegmentActor(number, ports));

    /// <summary>The persistence id of a segment.</summary>
    public override string PersistenceId { get; }
    public ITimerScheduler Timers { get; set; } = null!;
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case JobsChanged row when broken is null:
                Fold(row);
                break;
            case UnreadableRow row:
                broken ??= row.Why;
                break;
            case RecoveryCompleted:
                Recovered();
                break;
        }
    }

    private void Fold(JobsChanged row)
    {
        try
        {
            foreach (var e in row.Events)
                segment.Apply(e);
        }
        catch (ImpossibleEventException e)
        {
            broken = e.Message;
        }
    }

    private void Recovered()
    {
        if (broken is not null)
        {
            log.Error(
                "Segment {0} is closed: row {1} or before of its journal cannot be used: {2}",
                segment.Number,
                LastSequenceNr,
                broken
            );
            return;
        }
        mail.Recovered(LastSequenceNr);
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, ports.CheckInterval);
        usedAt = ports.Now;
    }

    protected override void OnCommand(object message)
    {
        // Akka's receive timeout would be a timer made anew for each message.
        if (message is not Tick)
            usedAt = ports.Now;
        switch (message)
        {
            case SegmentRequest { Subscribe: not null } when broken is not null:
                Sender.Tell(
                    new JobsMoved
                    {
                        Segment = segment.Number,
                        Refusal = Refusals.Of(RefusalCode.Internal, 0, Closed()),
                    }
                );
                break;
            case SegmentRequest when broken is not null:
                Refuse(Sender, RefusalCode.Internal, Closed());
                break;
            case SegmentRequest { Rows: { } read }:
                readers.Add((Sender, read));
                if (inFlight is null)
                    AnswerReaders();
                break;
            case SegmentRequest request:
                waiting.Enqueue((request, Sender));
                Flush();
                break;
            case SegmentReply { Jobs: { } head }:
                ReleaseHeld(head);
                break;
            case Tick:
                mail.CheckAgain();
                PassivateIfUnused();
                break;
            case Terminated gone:
                subscribers.Remove(gone.ActorRef);
                break;
        }
    }

    private void PassivateIfUnused()
    {
        var unused = TimeSpan.FromMicroseconds(ports.Now - usedAt) >= ports.PassivateAfter;
        if (unused && segment.Unfinished == 0 && inFlight is null && subscribers.IsEmpty)
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }

    private void Flush()
    {
        while (inFlight is null && waiting.Count > 0)
        {
            var batch = new Batch(segment, ports.Now, ports.Rules);
            while (batch.Events.Count < ports.MaxBatchEvents && waiting.TryDequeue(out var next))
                if (Requests.Handle(batch, next.Request, next.Sender, subscribers) is { } reply)
                    answers.Add((next.Sender, reply));
            if (batch.Events.Count == 0)
                Publish(batch);
            else
                Commit(batch);
        }
    }

    private void Commit(Batch batch)
    {
        inFlight = batch;
        PersistAsync(
            new JobsChanged { Events = { batch.Events } },
            _ =>
            {
                inFlight = null;
                Publish(batch);
                Flush();
            }
        );
    }

    private void Publish(Batch batch)
    {
        mail.Send(batch, LastSequenceNr, subscribers);
        foreach (var (to, reply) in answers)
            to.Tell(reply);
        answers.Clear();
        AnswerReaders();
        foreach (var subscriber in subscribers.Begin(segment))
            Context.Watch(subscriber);
    }

    /// <summary>Rows are what is committed, nothing less and nothing more.</summary>
    private void AnswerReaders()
    {
        foreach (var (to, read) in readers)
            to.Tell(
                new SegmentReply
                {
                    Segment = segment.Number,
                    Rows = SliceRowsOf.Page(segment, LastSequenceNr, read),
                }
            );
        readers.Clear();
    }

    /// <summary>Ends instead of a restart, so that subscribers, who watch it, hear of it.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    /// <summary>The answer about the head of a submission whose tail waits here.</summary>
    private void ReleaseHeld(JobsRead head)
    {
        var stands = head.Runs.Select(r => r.First).Concat(head.Deleted.Select(d => d.First));
        foreach (var submission in stands)
            waiting.Enqueue(
                (
                    new SegmentRequest
                    {
                        Segment = segment.Number,
                        Release = new ReleaseSubmission { SubmissionFirst = submission },
                    },
                    ActorRefs.Nobody
                )
            );
        Flush();
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        log.Error("Segment {0}: commit {1} failed: {2}", segment.Number, sequenceNr, cause.Message);
        RefuseAll(cause is TimeoutException ? Unsure : NothingChanged);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        log.Error(
            "Segment {0}: commit {1} refused: {2}",
            segment.Number,
            sequenceNr,
            cause.Message
        );
        RefuseAll(NothingChanged);
        throw new StoreRefusedException(cause);
    }

    /// <summary>The store did not take a commit: this actor ends and comes back from the journal.</summary>
    private void RefuseAll(string why)
    {
        foreach (var (to, _) in answers)
            Refuse(to, RefusalCode.StoreUnavailable, why);
        foreach (var (_, sender) in waiting)
            Refuse(sender, RefusalCode.StoreUnavailable, NothingChanged);
        foreach (var (to, _) in readers)
            Refuse(to, RefusalCode.StoreUnavailable, NothingChanged);
        waiting.Clear();
        answers.Clear();
        readers.Clear();
    }

    private string Closed() =>
        $"Jobs {segment.First}-{segment.Last} cannot be used: their journal is damaged ({broken}). Restore the store from a backup.";

    private void Refuse(IActorRef to, RefusalCode code, string message) =>
        to.Tell(
            new SegmentReply { Segment = segment.Number, Refusal = Refusals.Of(code, 0, message) }
        );

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>The journal refused an event that it should be able to hold.</summary>
public sealed class StoreRefusedException(Exception cause)
    : Exception($"the journal refused a commit: {cause.Message}", cause);
