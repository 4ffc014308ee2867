using Akka.Actor;
using Akka.Event;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Outputs.Stored;

/// <summary>
/// Puts what ended attempts of this node wrote into the store, those that wait together in one
/// transaction; takes out what is to be forgotten, and what is too old.
/// </summary>
/// <remarks>
/// Until an attempt is kept, the executor holds the record of its end: what is still to do after a
/// crash is told again.
/// </remarks>
public sealed class OutputKeeper : UntypedActor, IWithTimers
{
    /// <summary>Answered with <see cref="Kept"/>, in pieces.</summary>
    public sealed record Keep(IReadOnlyList<EndedOutput> Ended);

    /// <summary>Nothing more is to be done for these.</summary>
    public sealed record Kept(IReadOnlyList<AttemptId> Attempts);

    private sealed record Written;

    private sealed record Forgotten(IReadOnlyList<AttemptId> Attempts);

    private sealed record Dropped(int Rows);

    private enum Tick
    {
        Retry,
        Check,
    }

    private readonly StoredOutputs store;
    private readonly AttemptParts parts;
    private readonly StoredSettings settings;
    private readonly TimeProvider clock;
    private readonly Queue<EndedOutput> pending = [];

    /// <summary>Those that wait, and the batch.</summary>
    private readonly HashSet<AttemptId> known = [];
    private readonly HashSet<AttemptId> toForget = [];
    private readonly ILoggingAdapter log = Context.GetLogger();
    private IReadOnlyList<EndedOutput> batch = [];
    private IActorRef agent = ActorRefs.Nobody;
    private bool busy;
    private bool failing;
    private bool checkDue;

    public OutputKeeper(
        StoredOutputs store,
        AttemptParts parts,
        StoredSettings settings,
        TimeProvider clock
    ) => (this.store, this.parts, this.settings, this.clock) = (store, parts, settings, clock);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        StoredOutputs store,
        AttemptParts parts,
        StoredSettings settings,
        TimeProvider clock
    ) => Akka.Actor.Props.Create(() => new OutputKeeper(store, parts, settings, clock));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(Tick.Check, Tick.Check, settings.CheckInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Keep keep:
                agent = Sender;
                Take(keep.Ended);
                break;
            case ForgetJobs forget:
                Forget([.. forget.Attempts.Select(AttemptId.Of)]);
                break;
            case Tick.Check:
                checkDue = true;
                break;
            case Written:
                Release([.. batch.Select(ended => ended.Id)]);
                batch = [];
                Succeeded();
                break;
            case Forgotten(var ids):
                toForget.ExceptWith(ids);
                Succeeded();
                break;
            case Dropped(var rows):
                if (rows > 0)
                    log.Info("{0} rows of old output were dropped from the store.", rows);
                Succeeded();
                break;
            case Akka.Actor.Status.Failure failure:
                Failed(failure.Cause);
                break;
            case Tick.Retry:
                busy = false;
                break;
            default:
                Unhandled(message);
                break;
        }
        Work();
    }

    private void Succeeded()
    {
        if (failing)
            log.Info("The store of outputs can be used again.");
        (failing, busy) = (false, false);
    }

    /// <summary>What was under way is tried again; an outage is said once.</summary>
    private void Failed(Exception cause)
    {
        if (!failing)
            log.Warning(
                "The store of outputs cannot be used, {0} attempts wait for it: {1}",
                known.Count,
                cause.Message
            );
        failing = true;
        Timers.StartSingleTimer(Tick.Retry, Tick.Retry, settings.Retry);
    }

    private void Take(IReadOnlyList<EndedOutput> attempts)
    {
        var refused = new List<AttemptId>();
        foreach (var ended in attempts)
            if (known.Contains(ended.Id))
                continue;
            else if (known.Count >= settings.PendingMax)
                refused.Add(ended.Id);
            else
            {
                known.Add(ended.Id);
                pending.Enqueue(ended);
            }
        if (refused.Count == 0)
            return;
        log.Warning(
            "The output of {0} attempts (jids {1} to {2}) stays on this node alone: {3} others wait for the store.",
            refused.Count,
            refused.Min(id => id.Jid),
            refused.Max(id => id.Jid),
            known.Count
        );
        agent.Tell(new Kept(refused));
    }

    /// <summary>What waits is passed over; what is being written is taken out afterwards.</summary>
    private void Forget(IReadOnlyList<AttemptId> ids)
    {
        toForget.UnionWith(ids);
        var writing = batch.Select(ended => ended.Id).ToHashSet();
        Release([.. ids.Where(id => known.Contains(id) && !writing.Contains(id))]);
    }

    private void Release(IReadOnlyList<AttemptId> ids)
    {
        if (ids.Count == 0)
            return;
        known.ExceptWith(ids);
        agent.Tell(new Kept(ids));
    }

    /// <summary>One thing at a time: the batch, be it tried again; what is to be forgotten; more.</summary>
    private void Work()
    {
        if (busy)
            return;
        if (batch.Count == 0 && toForget.Count == 0)
            batch = TakeBatch();
        if (batch.Count > 0)
            Run(WriteAsync(batch));
        else if (toForget.Count > 0)
            Run(ForgetAsync([.. toForget]));
        else if (checkDue)
        {
            checkDue = false;
            Run(DropAsync());
        }
    }

    private void Run(Task<object> work)
    {
        busy = true;
        work.PipeTo(Self);
    }

    private List<EndedOutput> TakeBatch()
    {
        var taken = new List<EndedOutput>();
        var bytes = 0L;
        while (
            taken.Count < settings.BatchAttempts
            && bytes < settings.BatchSize
            && pending.TryDequeue(out var ended)
        )
            if (known.Contains(ended.Id))
            {
                taken.Add(ended);
                bytes += ended.Bytes;
            }
        return taken;
    }

    private Task<object> WriteAsync(IReadOnlyList<EndedOutput> attempts) =>
        Task.Run<object>(async () =>
        {
            await store.WriteAsync(attempts.SelectMany(parts.Of), CancellationToken.None);
            return new Written();
        });

    private Task<object> ForgetAsync(IReadOnlyList<AttemptId> ids) =>
        Task.Run<object>(async () =>
        {
            await store.ForgetAsync(ids, CancellationToken.None);
            return new Forgotten(ids);
        });

    private Task<object> DropAsync()
    {
        var until = clock.GetUtcNow() - settings.MaxAge;
        return Task.Run<object>(async () =>
            new Dropped(
                await store.DropAsync(
                    until.ToMicroseconds(),
                    settings.MaxTotal,
                    CancellationToken.None
                )
            )
        );
    }
}
