using Akka.Actor;
using Akka.Persistence;
using JobCloud.Protocol.Allocation;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Allocation;

/// <summary>The jid allocator: a cluster singleton that leases ranges of jids to nodes and persists
/// one event per lease.</summary>
internal sealed class AllocatorActor : ReceivePersistentActor
{
    private readonly TimeProvider _time;
    private JidLeases _leases = JidLeases.None;

    public AllocatorActor(string persistenceId, TimeProvider time)
    {
        (PersistenceId, _time) = (persistenceId, time);
        Recover<RangeLeased>(Evolve);
        Command<LeaseRequest>(Answer);
    }

    public override string PersistenceId { get; }

    /// <summary>No snapshots: the journal holds one small event per lease.</summary>
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props Props(string persistenceId, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new AllocatorActor(persistenceId, time));

    private void Answer(LeaseRequest request)
    {
        var now = _time.NowMicroseconds();
        if (_leases.Decide(request, now) is not { } leased)
        {
            Sender.Tell(_leases.Granted(request.Node));
            return;
        }
        Persist(
            leased,
            committed =>
            {
                Evolve(committed);
                Sender.Tell(_leases.Granted(committed.Node));
            }
        );
    }

    private void Evolve(RangeLeased leased) => _leases = _leases.Evolve(leased);
}
