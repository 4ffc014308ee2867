using Akka.Actor;
using Akka.Event;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Periodically deletes old output, and logs what it deleted.</summary>
internal sealed class RetentionActor : UntypedActor, IWithTimers
{
    private sealed record Due
    {
        public static readonly Due Now = new();
    }

    private sealed record Chosen(IReadOnlyList<OutputDeletion> Drops);

    private readonly OutputFolders _kept;
    private readonly OutputSettings _settings;
    private readonly IActorRef _agent;
    private readonly TimeProvider _clock;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private bool _choosing;

    /// <param name="agent">Knows the attempts to keep, and deletes the others.</param>
    public RetentionActor(
        OutputFolders kept,
        OutputSettings settings,
        IActorRef agent,
        TimeProvider clock
    ) => (_kept, _settings, _agent, _clock) = (kept, settings, agent, clock);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(
        OutputFolders kept,
        OutputSettings settings,
        IActorRef agent,
        TimeProvider clock
    ) => Akka.Actor.Props.Create(() => new RetentionActor(kept, settings, agent, clock));

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(Due.Now, Due.Now, _settings.CheckInterval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Due:
                _agent.Tell(new ListAttempts());
                break;
            case KnownAttempts when _choosing:
                break;
            case KnownAttempts known:
                _choosing = true;
                Task.Run(() => ChooseDeletions(known.Attempts)).PipeTo(Self);
                break;
            case Chosen(var drops):
                _choosing = false;
                Forget(drops);
                foreach (var cause in Enum.GetValues<DeletionCause>())
                    LogDeletions(
                        cause,
                        [.. drops.Where(d => d.Cause == cause).Select(d => d.Attempt)]
                    );
                break;
            case Akka.Actor.Status.Failure failure:
                _choosing = false;
                _log.Warning("Cannot delete old output: {0}", failure.Cause.Message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // An attempt that started after the agent's answer is not in its list, but was written just
    // now.
    private Chosen ChooseDeletions(IReadOnlySet<AttemptId> live)
    {
        var now = _clock.GetUtcNow();
        var drops = RetentionPolicy
            .Choose(
                _kept.Folders(live, now),
                folder => OutputFolders.Attempts(folder.Path),
                a => live.Contains(a.Id) || now - a.LastWrite < _settings.CheckInterval,
                now,
                _settings
            )
            .ToArray();
        return new(drops);
    }

    private void Forget(IReadOnlyList<OutputDeletion> drops)
    {
        if (drops.Count > 0)
            _agent.Tell(new ForgetJobs { Attempts = { drops.Select(d => d.Attempt.Id.ToKey()) } });
    }

    private void LogDeletions(DeletionCause cause, IReadOnlyList<KeptAttempt> attempts)
    {
        if (attempts.Count == 0)
            return;
        _log.Info(
            "Deleted the output of {0} attempts ({1} MiB; jids {2} to {3}): {4}.",
            attempts.Count,
            attempts.Sum(a => a.Bytes) >> 20,
            attempts.Min(a => a.Id.Jid),
            attempts.Max(a => a.Id.Jid),
            cause == DeletionCause.Age
                ? $"older than {_settings.MaxAge.TotalDays:F0} days (jobcloud.outputs.max-age)"
                : $"more than {_settings.MaxTotal >> 20} MiB in total (jobcloud.outputs.max-total)"
        );
    }
}
