using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Tests.Store;

/// <summary>A persistent actor that says what the journal does to it.</summary>
public sealed class JournalWriter : ReceivePersistentActor
{
    public sealed record Wrote(long SequenceNr);

    public sealed record Recovered(long SequenceNr);

    public sealed record CouldNotWrite(Exception Cause);

    public sealed record Stopped;

    private readonly IActorRef _told;

    public JournalWriter(string id, IActorRef told)
    {
        (PersistenceId, _told) = (id, told);
        Recover<JobsChanged>(_ => { });
        Recover<UnreadableRow>(row => _told.Tell(row));
        Recover<RecoveryCompleted>(_ => _told.Tell(new Recovered(LastSequenceNr)));
        Command<JobsChanged>(row => Persist(row, _ => _told.Tell(new Wrote(LastSequenceNr))));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        _told.Tell(new CouldNotWrite(cause));

    protected override void PostStop() => _told.Tell(new Stopped());
}
