using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>
/// The persistent actor of a <see cref="Segment"/>: 1,024 jobs, one journal, group commit. Requests
/// that arrive during a write wait; then they are decided together and written as one row. A reply
/// is sent only after the commit that it depends on.
/// </summary>
internal sealed class SegmentActor : UntypedPersistentActor, IWithTimers
{
    private const string NothingChanged =
        "The store is not available. Nothing was changed; try again.";

    private const string OutcomeUnknown =
        "The store did not confirm the change in time. The outcome is unknown; check the job before retrying.";

    private readonly SegmentDependencies _ports;
    private readonly SegmentMessenger _mail;
    private readonly SegmentMetrics _metrics;
    private readonly Segment _segment;
    private readonly SegmentCompaction _compaction;
    private readonly Subscribers _subscribers = new();
    private readonly Queue<(SegmentRequest Request, IActorRef Sender)> _waiting = [];
    private readonly List<(IActorRef To, SegmentReply Reply)> _answers = [];
    private readonly List<(IActorRef To, ReadRows Read)> _readers = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private PendingCommit? _inFlight;
    private long _usedAt;
    private string? _damage;

    public SegmentActor(long number, SegmentDependencies ports)
    {
        _ports = ports;
        _segment = new Segment(number);
        (_mail, _metrics) = (new(ports, _segment), new(ports, _segment));
        _compaction = new SegmentCompaction(_segment, ports.EraseWithin);
        PersistenceId = ClusterNames.SegmentId(number);
    }

    public static Props Props(long number, SegmentDependencies ports) =>
        Akka.Actor.Props.Create(() => new SegmentActor(number, ports));

    public override string PersistenceId { get; }
    public ITimerScheduler Timers { get; set; } = null!;
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case JobsChanged row:
                if (_compaction.Recovers(LastSequenceNr) && _damage is null)
                    Fold(() => Apply(row));
                break;
            case SegmentCompacted row:
                // Damage of the rows that it replaces does no harm.
                _damage = null;
                _compaction.Recovers(row, LastSequenceNr);
                Fold(() => _segment.Restore(row));
                break;
            case UnreadableRow row:
                _compaction.Recovers(LastSequenceNr);
                _damage ??= row.Why;
                break;
            case RecoveryCompleted:
                Recovered();
                break;
        }
    }

    private void Fold(Action apply)
    {
        try
        {
            apply();
        }
        catch (ImpossibleEventException e)
        {
            _damage = e.Message;
        }
    }

    private void Apply(JobsChanged row)
    {
        foreach (var e in row.Events)
            _segment.Apply(e);
    }

    private void Recovered()
    {
        if (_compaction.MissesRows)
            _damage ??= "its first rows are missing";
        if (_damage is not null)
        {
            _log.Error(
                "Segment {0} is unusable: row {1} of its journal, or an earlier one, is damaged: {2}",
                _segment.Number,
                LastSequenceNr,
                _damage
            );
            return;
        }
        _mail.Recovered(LastSequenceNr, _compaction.HasToErase);
        SweepIfNeeded();
        _metrics.Recovered();
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _ports.CheckInterval);
        _usedAt = _ports.Now;
    }

    protected override void OnCommand(object message)
    {
        // Akka's receive timeout would create a new timer for each message.
        if (message is not (Tick or HistoryRead or SegmentCompacted or JournalSweeper.Swept))
            _usedAt = _ports.Now;
        switch (message)
        {
            case SegmentRequest { Subscribe: not null } when _damage is not null:
                Sender.Tell(
                    new JobsMoved
                    {
                        Segment = _segment.Number,
                        Refusal = Refusals.Of(RefusalCode.Internal, Damaged()),
                    }
                );
                break;
            case SegmentRequest when _damage is not null:
                Refuse(Sender, RefusalCode.Internal, Damaged());
                break;
            case SegmentRequest { Rows: { } read }:
                _readers.Add((Sender, read));
                if (_inFlight is null)
                    AnswerReaders();
                break;
            case SegmentRequest request:
                _waiting.Enqueue((request, Sender));
                Flush();
                break;
            case SegmentReply { Jobs: { } head }:
                ReleaseHeld(head);
                break;
            case Tick:
                _mail.RepeatChecks();
                CompactIfDue(isLeaving: false);
                PassivateIfUnused();
                break;
            case HistoryRead read:
                _compaction.Read(read.History, _ports.Now);
                WriteCompacted();
                break;
            case SegmentCompacted row:
                CommitCompacted(row);
                break;
            case Akka.Actor.Status.Failure failure:
                throw new InvalidOperationException(
                    $"segment {_segment.Number} could not be compacted",
                    failure.Cause
                );
            case JournalSweeper.Swept swept:
                _compaction.Swept(swept.Below);
                if (!_compaction.HasToErase)
                    _mail.Erased(LastSequenceNr);
                break;
            case Terminated ended:
                _subscribers.Remove(ended.ActorRef);
                break;
        }
    }

    private void PassivateIfUnused()
    {
        // One without jobs was asked about a jid that no job has.
        var unused =
            _segment.Highest == 0
            || TimeSpan.FromMicroseconds(_ports.Now - _usedAt) >= _ports.PassivateAfter;
        if (!unused || _segment.Unfinished > 0 || _inFlight is not null || !_subscribers.IsEmpty)
            return;
        CompactIfDue(isLeaving: true);
        if (!_compaction.IsBusy && !_compaction.HasToErase)
            Context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }

    private void CompactIfDue(bool isLeaving)
    {
        if (_inFlight is not null || !_compaction.IsDue(_ports.Now, isLeaving))
            return;
        _compaction.Begin();
        _ports
            .History(_segment.Number, LastSequenceNr)
            .PipeTo(
                Self,
                success: history => new HistoryRead(history),
                failure: _ => new HistoryRead(null)
            );
    }

    /// <summary>Makes the compacted row. Requests wait until it is committed.</summary>
    private void WriteCompacted()
    {
        if (_inFlight is null && _compaction.TryWrite() is { } work)
            Task.Run(work).PipeTo(Self);
    }

    private void CommitCompacted(SegmentCompacted row) =>
        PersistAsync(
            row,
            _ =>
            {
                _compaction.Written(row, LastSequenceNr);
                SweepIfNeeded();
                Flush();
            }
        );

    private void SweepIfNeeded()
    {
        if (_compaction.SweepBelow is > 0 and var below)
            _ports.Sweeper.Tell(new JournalSweeper.SweepBelow(_segment.Number, below));
    }

    private void Flush()
    {
        while (_inFlight is null && !_compaction.HoldsCommits && _waiting.Count > 0)
        {
            var batch = new PendingCommit(_segment, _ports.Now, _ports.Rules);
            while (batch.Events.Count < _ports.MaxBatchEvents && _waiting.TryDequeue(out var next))
                if (
                    SegmentRequestHandler.Handle(batch, next.Request, next.Sender, _subscribers) is
                    { } reply
                )
                    _answers.Add((next.Sender, reply));
            if (batch.Events.Count == 0)
                Publish(batch);
            else
                Commit(batch);
        }
    }

    private void Commit(PendingCommit batch)
    {
        _inFlight = batch;
        _metrics.CommitStarts();
        PersistAsync(
            new JobsChanged { Events = { batch.Events } },
            _ =>
            {
                _inFlight = null;
                _compaction.Committed(batch.Events);
                _metrics.Committed(batch);
                Publish(batch);
                WriteCompacted();
                Flush();
            }
        );
    }

    private void Publish(PendingCommit batch)
    {
        _mail.Send(batch, LastSequenceNr, _compaction.HasToErase, _subscribers);
        if (_segment.UnerasedSince > 0 && !Timers.IsTimerActive(nameof(SegmentCompaction)))
            Timers.StartSingleTimer(
                nameof(SegmentCompaction),
                Tick.Instance,
                _ports.EraseWithin / 2
            );
        foreach (var (to, reply) in _answers)
            to.Tell(reply);
        _answers.Clear();
        AnswerReaders();
        foreach (var subscriber in _subscribers.Activate(_segment))
            Context.Watch(subscriber);
    }

    /// <summary>Answers readers of rows; called only while no write is in flight, so the rows show
    /// exactly what is committed.</summary>
    private void AnswerReaders()
    {
        foreach (var (to, read) in _readers)
            to.Tell(
                new SegmentReply
                {
                    Segment = _segment.Number,
                    Rows = SliceRowBuilder.Page(
                        _segment,
                        LastSequenceNr,
                        _compaction.HasToErase,
                        read
                    ),
                }
            );
        _readers.Clear();
    }

    protected override void PostStop() => _metrics.Ended();

    /// <summary>Stops instead of restarting, so that subscribers, which watch it, are
    /// notified.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    /// <summary>Handles the reply about the head of a submission whose later slices are held
    /// here.</summary>
    private void ReleaseHeld(JobsRead head)
    {
        var existing = head.Runs.Select(r => r.First).Concat(head.Deleted.Select(d => d.First));
        foreach (var submission in existing)
            _waiting.Enqueue(
                (
                    new SegmentRequest
                    {
                        Segment = _segment.Number,
                        Release = new ReleaseSubmission { SubmissionFirst = submission },
                    },
                    ActorRefs.Nobody
                )
            );
        Flush();
    }

    /// <summary>Remembers damage: the next message then finds a
    /// <see cref="DamagedSegmentActor"/>.</summary>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _ports.Damage.Note(_segment.Number, reason);
        base.OnRecoveryFailure(reason, message);
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(
            "Segment {0}: commit {1} failed: {2}",
            _segment.Number,
            sequenceNr,
            cause.Message
        );
        _ports.Damage.Note(_segment.Number, cause);
        StorePools.Note(cause);
        RefuseAll(
            cause is TimeoutException
                ? OutcomeUnknown
                : _ports.Damage.Place.Unusable(
                    StoreErrors.FaultOf(cause) ?? StoreFault.Unavailable,
                    "Nothing was changed."
                )
        );
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _log.Error(
            "Segment {0}: commit {1} was rejected: {2}",
            _segment.Number,
            sequenceNr,
            cause.Message
        );
        RefuseAll(NothingChanged);
        throw new StoreRefusedException(cause);
    }

    /// <summary>Refuses all waiting requests: a commit failed, and this actor stops and recovers
    /// from the journal.</summary>
    private void RefuseAll(string why)
    {
        _metrics.Failed();
        foreach (var (to, _) in _answers)
            Refuse(to, RefusalCode.StoreUnavailable, why);
        foreach (var (_, sender) in _waiting)
            Refuse(sender, RefusalCode.StoreUnavailable, NothingChanged);
        foreach (var (to, _) in _readers)
            Refuse(to, RefusalCode.StoreUnavailable, NothingChanged);
        _waiting.Clear();
        _answers.Clear();
        _readers.Clear();
    }

    private string Damaged() =>
        $"Jobs {_segment.First}-{_segment.Last} are unusable: their journal is damaged "
        + $"({_damage}). Restore the store from a backup.";

    private void Refuse(IActorRef to, RefusalCode code, string message) =>
        to.Tell(
            new SegmentReply { Segment = _segment.Number, Refusal = Refusals.Of(code, message) }
        );

    private sealed record HistoryRead(SegmentHistory? History);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}
