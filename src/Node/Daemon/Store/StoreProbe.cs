using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// Writes one row and deletes it: proves at start that the store is writable, and loads the code
/// for writes before the first job needs it.
/// </summary>
internal sealed class StoreProbe : ReceivePersistentActor
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

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

    /// <summary>Completes once the store has committed the row.</summary>
    /// <param name="node">The node's name; nodes that share the store must not write the same
    /// rows.</param>
    /// <param name="retryFor">How long to retry while the store is unavailable: restarting the
    /// whole node would take longer.</param>
    /// <exception cref="CannotStartException">The store did not commit it.</exception>
    public static async Task WriteAsync(
        IActorRefFactory system,
        NodeStore store,
        string node,
        TimeSpan retryFor,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var began = clock.GetTimestamp();
        while (await TryAsync(system, node, cancel) is { } error)
        {
            if (StoreDamage.IsDamage(error))
                throw new CannotStartException(
                    store.Place.Damaged(StoreErrors.Find(error)!),
                    needsRepair: true
                );
            if (!StoreErrors.IsTransient(error) || clock.GetElapsedTime(began) > retryFor)
                throw new CannotStartException(
                    $"The store ({store.Description}) is not writable: {error.Message}"
                );
            await Task.Delay(Pause, clock, cancel);
        }
    }

    /// <summary>Null: the row was written.</summary>
    private static async Task<Exception?> TryAsync(
        IActorRefFactory system,
        string node,
        CancellationToken cancel
    )
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Akka.Actor.Props.Create(() => new StoreProbe(node, written)));
        try
        {
            await written.Task.WaitAsync(cancel);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e;
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
