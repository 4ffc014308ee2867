using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Tests.Store;

/// <summary>A persistent actor that reports the journal's results.</summary>
public sealed class JournalWriter : ReceivePersistentActor
{
    public sealed record Wrote(long SequenceNr);

    public sealed record Recovered(long SequenceNr);

    public sealed record CouldNotWrite(Exception Cause);

    public sealed record Stopped;

    private readonly IActorRef _observer;

    public JournalWriter(string id, IActorRef observer)
    {
        (PersistenceId, _observer) = (id, observer);
        Recover<JobsChanged>(_ => { });
        Recover<UnreadableRow>(row => _observer.Tell(row));
        Recover<RecoveryCompleted>(_ => _observer.Tell(new Recovered(LastSequenceNr)));
        Command<JobsChanged>(row => Persist(row, _ => _observer.Tell(new Wrote(LastSequenceNr))));
        Command<SegmentCompacted>(row =>
            Persist(row, _ => _observer.Tell(new Wrote(LastSequenceNr)))
        );
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _observer.Tell(new CouldNotWrite(cause));

    protected override void PostStop() => _observer.Tell(new Stopped());
}
