using Akka.Actor;
using Akka.Persistence;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Protocol.Events;

namespace JobCloud.Node.Daemon.Store;

/// <summary>
/// Writes one row and takes it back: proves at the start that the store can be written, and pays
/// for loading the code of that before the first job does.
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

    /// <summary>Ends once the store has taken a row of this actor.</summary>
    /// <param name="node">Its name: nodes that share the store must not write the same
    /// rows.</param>
    /// <param name="patience">A store that was opened and then went away is tried again for so
    /// long: to start the whole node again would take longer.</param>
    /// <exception cref="CannotStartException">It did not.</exception>
    public static async Task WriteAsync(
        IActorRefFactory system,
        NodeStore store,
        string node,
        TimeSpan patience,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var began = clock.GetTimestamp();
        while (await TryAsync(system, node, cancel) is { } trouble)
        {
            if (!StoreTrouble.Passes(trouble) || clock.GetElapsedTime(began) > patience)
                throw new CannotStartException(
                    $"The store ({store.Description}) cannot be written: {trouble.Message}"
                );
            await Task.Delay(Pause, clock, cancel);
        }
    }

    /// <summary>Null: it was written.</summary>
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
