using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Daemon.Jobs;

/// <summary>
/// Purges finished jobs that retention no longer keeps, a page of the index at a time. Each node
/// has one; that on the cluster's leader works. Two at a time do no harm: a job is purged once.
/// </summary>
/// <param name="Index">Answers questions about all jobs of the cloud.</param>
internal sealed record RetentionPorts(
    IActorRef Index,
    SegmentClient Segments,
    RetentionSettings Settings,
    TimeSpan Within,
    TimeProvider Clock
);

/// <inheritdoc cref="RetentionPorts"/>
internal sealed class RetentionSweeper : UntypedActor, IWithTimers
{
    /// <summary>JobCloud itself.</summary>
    private static readonly Identity Nobody = new("", Role.Admin);

    private readonly RetentionPorts _ports;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private long _after;
    private long _ended;
    private long _purged;

    public RetentionSweeper(RetentionPorts ports) => _ports = ports;

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(RetentionPorts ports) =>
        Akka.Actor.Props.Create(() => new RetentionSweeper(ports));

    protected override void PreStart() => StartAfter(_ports.Settings.Pause);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Due when IsLeader():
                SweepAsync(_after, _ended).PipeTo(Self);
                break;
            case Due:
                EndRound();
                break;
            case Swept swept:
                _purged += swept.Changed;
                if (swept.Step.Next is { } next)
                {
                    (_after, _ended) = (next, swept.Step.Ended);
                    StartAfter(_ports.Settings.Pause);
                }
                else
                    EndRound();
                break;
            case Akka.Actor.Status.Failure failure:
                _log.Warning("Cannot purge old jobs now: {0}", failure.Cause.Message);
                EndRound();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static bool IsLeader()
    {
        var cluster = Cluster.Get(Context.System);
        return cluster.State.Leader == cluster.SelfAddress;
    }

    private async Task<Swept> SweepAsync(long after, long ended)
    {
        var settings = _ports.Settings;
        var isFirst = after == 0 && settings.Limits.MaxJobs > 0;
        var found = await _ports.Index.Ask<OldSlicesFound>(
            new FindOldSlices(after, settings.PageSlices, isFirst),
            _ports.Within
        );
        var step = Retention.Choose(
            found.Slices,
            found.Slices.Count == settings.PageSlices,
            isFirst ? found.Ended : ended,
            settings.Limits,
            _ports.Clock.NowMicroseconds()
        );
        var (changed, refusal) = await _ports.Segments.ChangeAsync(
            new ChangeJobs { Change = Change.Purge },
            JidRanges.Normalize(step.Purge),
            Nobody
        );
        return refusal is null ? new Swept(step, changed) : throw new RefusedException(refusal);
    }

    private void EndRound()
    {
        if (_purged > 0)
            _log.Info("Purged {0} finished jobs (jobcloud.retention).", _purged);
        (_after, _ended, _purged) = (0, 0, 0);
        StartAfter(_ports.Settings.CheckInterval);
    }

    private void StartAfter(TimeSpan pause) => Timers.StartSingleTimer(Due.Now, Due.Now, pause);

    private sealed record Due
    {
        public static readonly Due Now = new();
    }

    private sealed record Swept(RetentionStep Step, long Changed);
}
