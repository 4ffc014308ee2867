using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// Writes one row and takes it back: proves at the start that the store can be written, and pays for
/// loading the code of that before the first job does.
/// </summary>
public sealed class StoreProbe : ReceivePersistentActor
{
    private readonly TaskCompletionSource _written;

    public StoreProbe(string node, TaskCompletionSource written)
    {
        _written = written;
        PersistenceId = $"store-probe-{node}";
        Recover<RecoveryCompleted>(_ => Write());
        Recover<object>(_ => { });
        Command<DeleteMessagesSuccess>(_ => Context.Stop(Self));
        Command<DeleteMessagesFailure>(_ => Context.Stop(Self));
    }

    public override string PersistenceId { get; }

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    /// <summary>Ends once the store has taken a row of this actor.</summary>
    /// <param name="node">Its name: nodes that share the store must not write the same rows.</param>
    /// <exception cref="CannotStartException">It did not.</exception>
    public static async Task WriteAsync(
        IActorRefFactory system,
        NodeStore store,
        string node,
        CancellationToken cancel
    )
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new StoreProbe(node, written)));
        try
        {
            await written.Task.WaitAsync(cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new CannotStartException(
                $"The store ({store.Description}) cannot be written: {e.Message}"
            );
        }
    }

    private void Write() =>
        Persist(
            new JobsChanged(),
            _ =>
            {
                _written.TrySetResult();
                DeleteMessages(LastSequenceNr);
            }
        );

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _written.TrySetException(cause);
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        _written.TrySetException(reason);
        base.OnRecoveryFailure(reason, message);
    }
}
