using Akka.Actor;
using Akka.Persistence;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>Writes rows to a segment's journal and confirms each.</summary>
public sealed class RowWriter : ReceivePersistentActor
{
    public sealed record Written;

    public RowWriter(string id)
    {
        PersistenceId = id;
        Recover<object>(_ => { });
        Command<object>(row => Persist(row, _ => Sender.Tell(new Written())));
    }

    public override string PersistenceId { get; }
}
