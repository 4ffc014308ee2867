using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Environments;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Environments;

/// <summary>Keeps the environments and volumes that users create, one event per change, and replies
/// after the commit. A cluster singleton.</summary>
internal sealed class DefinitionsActor : ReceivePersistentActor
{
    private readonly DefinitionLimits _limits;
    private readonly TimeProvider _time;
    private readonly StoreDamage _damage;
    private DefinitionSet _book = DefinitionSet.Empty;

    public DefinitionsActor(
        string persistenceId,
        DefinitionLimits limits,
        TimeProvider time,
        StoreDamage damage
    )
    {
        (PersistenceId, _limits, _time, _damage) = (persistenceId, limits, time, damage);
        Recover<Defined>(Evolve);
        Recover<Undefined>(Evolve);
        Command<DefinitionsMail>(Handle);
    }

    public override string PersistenceId { get; }

    /// <summary>No snapshots: changes are few and small.</summary>
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props Props(
        string persistenceId,
        DefinitionLimits limits,
        TimeProvider time,
        StoreDamage damage
    ) => Akka.Actor.Props.Create(() => new DefinitionsActor(persistenceId, limits, time, damage));

    /// <summary>Answers the request whose change is not written; this actor then stops and reads
    /// the journal again.</summary>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _damage.Note(cause);
        StorePools.Note(cause);
        Refuse(
            cause is TimeoutException
                ? "The store did not answer in time: whether the change is written is unknown. Look it up before you try again."
                : _damage.Place.Unusable(
                    StoreErrors.FaultOf(cause) ?? StoreFault.Unavailable,
                    "Nothing was changed."
                )
        );
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Refuse("The store refused the change. Nothing was changed.");
        base.OnPersistRejected(cause, @event, sequenceNr);
    }

    private void Refuse(string why) => Sender.Tell(Refusals.Of(RefusalCode.StoreUnavailable, why));

    private void Handle(DefinitionsMail message)
    {
        var now = _time.NowMicroseconds();
        switch (message.RequestCase)
        {
            case DefinitionsMail.RequestOneofCase.Read:
                Sender.Tell(Read(message.Read));
                break;
            case DefinitionsMail.RequestOneofCase.Define:
                var definition = message.Define.Definition ?? new();
                Apply(
                    _book.Decide(message.Define, message.By, message.Admin, now, _limits),
                    Definitions.KindOf(definition),
                    Definitions.NameOf(definition)
                );
                break;
            case DefinitionsMail.RequestOneofCase.Undefine:
                Apply(
                    _book.Decide(message.Undefine, message.By, message.Admin, now),
                    message.Undefine.Kind,
                    message.Undefine.Name
                );
                break;
        }
    }

    private DefinitionsReply Read(DefinitionsRequest request)
    {
        var reply = new DefinitionsReply();
        if (request.Name.Length == 0)
            reply.Definitions.AddRange(_book.Of(request.Kind));
        else if (_book.Find(request.Kind, request.Name) is { } found)
            reply.Definitions.Add(found);
        return reply;
    }

    private void Apply(DefinitionStep step, Protocol.DefinitionKind kind, string name)
    {
        var request = new DefinitionsRequest { Kind = kind, Name = name };
        if (step.Refusal is { } refusal)
            Sender.Tell(refusal);
        else if (step.Event is null)
            Sender.Tell(Read(request));
        else
            Persist(
                step.Event,
                committed =>
                {
                    Evolve(committed);
                    Sender.Tell(Read(request));
                }
            );
    }

    private void Evolve(Google.Protobuf.IMessage change) =>
        _book = change switch
        {
            Defined defined => _book.Evolve(defined),
            Undefined undefined => _book.Evolve(undefined),
            _ => _book,
        };
}
