using Akka.Actor;
using Akka.Event;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Outputs.Storage;

/// <summary>Copies the output of this node's ended attempts to the store, waiting attempts together
/// in one transaction. Deletes the output of forgotten attempts, and old output.</summary>
/// <remarks>The executor keeps the record of an attempt's end until its output is in the store:
/// after a crash, it reports the pending ones again.</remarks>
internal sealed class OutputKeeper : UntypedActor, IWithTimers
{
    /// <summary>Maximum bytes in one transaction; a single attempt may exceed it.</summary>
    private const long BatchSize = 4 << 20;

    /// <summary>Maximum number of attempts in one transaction.</summary>
    private const int BatchAttempts = 256;

    /// <summary>Answered with one or more <see cref="Kept"/>.</summary>
    public sealed record Keep(IReadOnlyList<EndedOutput> Ended);

    /// <summary>These attempts need no further work.</summary>
    public sealed record Kept(IReadOnlyList<AttemptId> Attempts);

    private sealed record Written;

    private sealed record Forgotten(IReadOnlyList<AttemptId> Attempts);

    private sealed record RowsDeleted(int Rows);

    private enum Tick
    {
        Retry,
        Check,
    }

    private readonly OutputStore _store;
    private readonly AttemptChunks _parts;
    private readonly OutputStoreSettings _settings;
    private readonly TimeProvider _clock;
    private readonly Queue<EndedOutput> _pending = [];

    /// <summary>The waiting attempts and those of the batch.</summary>
    private readonly HashSet<AttemptId> _known = [];
    private readonly HashSet<AttemptId> _toForget = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IReadOnlyList<EndedOutput> _batch = [];
    private IActorRef _agent = ActorRefs.Nobody;
    private bool _busy;
    private bool _failing;
    private bool _checkDue;

    public OutputKeeper(
        OutputStore store,
        AttemptChunks parts,
        OutputStoreSettings settings,
        TimeProvider clock
    ) => (_store, _parts, _settings, _clock) = (store, parts, settings, clock);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        OutputStore store,
        AttemptChunks parts,
        OutputStoreSettings settings,
        TimeProvider clock
    ) => Akka.Actor.Props.Create(() => new OutputKeeper(store, parts, settings, clock));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(Tick.Check, Tick.Check, _settings.CheckInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Keep keep:
                _agent = Sender;
                Enqueue(keep.Ended);
                break;
            case ForgetJobs forget:
                Forget([.. forget.Attempts.Select(AttemptId.Of)]);
                break;
            case Tick.Check:
                _checkDue = true;
                break;
            case Written:
                Release([.. _batch.Select(ended => ended.Id)]);
                _batch = [];
                OnSuccess();
                break;
            case Forgotten(var ids):
                _toForget.ExceptWith(ids);
                OnSuccess();
                break;
            case RowsDeleted(var rows):
                if (rows > 0)
                    _log.Info("Deleted {0} rows of old output from the store.", rows);
                OnSuccess();
                break;
            case Akka.Actor.Status.Failure failure:
                OnFailure(failure.Cause);
                break;
            case Tick.Retry:
                _busy = false;
                break;
            default:
                Unhandled(message);
                break;
        }
        RunNext();
    }

    private void OnSuccess()
    {
        if (_failing)
            _log.Info("The output store is available again.");
        (_failing, _busy) = (false, false);
    }

    /// <summary>Schedules a retry of the failed step. Logs an outage once.</summary>
    private void OnFailure(Exception cause)
    {
        if (!_failing)
            _log.Warning(
                "The output store is unavailable; {0} attempts wait for it: {1}",
                _known.Count,
                cause.Message
            );
        _failing = true;
        Timers.StartSingleTimer(Tick.Retry, Tick.Retry, _settings.Retry);
    }

    private void Enqueue(IReadOnlyList<EndedOutput> attempts)
    {
        var refused = new List<AttemptId>();
        foreach (var ended in attempts)
            if (_known.Contains(ended.Id))
                continue;
            else if (_known.Count >= _settings.PendingMax)
                refused.Add(ended.Id);
            else
            {
                _known.Add(ended.Id);
                _pending.Enqueue(ended);
            }
        if (refused.Count == 0)
            return;
        _log.Warning(
            "The output of {0} attempts (jids {1} to {2}) stays only on this node: {3} other attempts wait for the store.",
            refused.Count,
            refused.Min(id => id.Jid),
            refused.Max(id => id.Jid),
            _known.Count
        );
        _agent.Tell(new Kept(refused));
    }

    /// <summary>Skips waiting attempts. Output that is being written is deleted
    /// afterwards.</summary>
    private void Forget(IReadOnlyList<AttemptId> ids)
    {
        _toForget.UnionWith(ids);
        var writing = _batch.Select(ended => ended.Id).ToHashSet();
        Release([.. ids.Where(id => _known.Contains(id) && !writing.Contains(id))]);
    }

    private void Release(IReadOnlyList<AttemptId> ids)
    {
        if (ids.Count == 0)
            return;
        _known.ExceptWith(ids);
        _agent.Tell(new Kept(ids));
    }

    /// <summary>Runs one step at a time: the batch or its retry, then deletions, then
    /// cleanup.</summary>
    private void RunNext()
    {
        if (_busy)
            return;
        if (_batch.Count == 0 && _toForget.Count == 0)
            _batch = TakeBatch();
        if (_batch.Count > 0)
            Run(WriteAsync(_batch));
        else if (_toForget.Count > 0)
            Run(ForgetAsync([.. _toForget]));
        else if (_checkDue)
        {
            _checkDue = false;
            Run(DropAsync());
        }
    }

    private void Run(Task<object> work)
    {
        _busy = true;
        work.PipeTo(Self);
    }

    private List<EndedOutput> TakeBatch()
    {
        var taken = new List<EndedOutput>();
        var bytes = 0L;
        while (
            taken.Count < BatchAttempts && bytes < BatchSize && _pending.TryDequeue(out var ended)
        )
            if (_known.Contains(ended.Id))
            {
                taken.Add(ended);
                bytes += ended.Bytes;
            }
        return taken;
    }

    private Task<object> WriteAsync(IReadOnlyList<EndedOutput> attempts) =>
        Task.Run<object>(async () =>
        {
            await _store.WriteAsync(attempts.SelectMany(_parts.Of), CancellationToken.None);
            return new Written();
        });

    private Task<object> ForgetAsync(IReadOnlyList<AttemptId> ids) =>
        Task.Run<object>(async () =>
        {
            await _store.ForgetAsync(ids, CancellationToken.None);
            return new Forgotten(ids);
        });

    private Task<object> DropAsync()
    {
        var until = _clock.GetUtcNow() - _settings.MaxAge;
        return Task.Run<object>(async () =>
            new RowsDeleted(
                await _store.DeleteOldAsync(
                    until.ToMicroseconds(),
                    _settings.MaxTotal,
                    CancellationToken.None
                )
            )
        );
    }
}
