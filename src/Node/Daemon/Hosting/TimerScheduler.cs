using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Akka's scheduler on the runtime's timers. The default one turns a timer wheel even when
/// nothing is due: twenty wake-ups per second, most of an idle node's cost, and every timer up to
/// one turn late.</summary>
internal sealed class TimerScheduler(Config config, ILoggingAdapter log)
    : SchedulerBase(config, log),
        IDisposable
{
    private volatile bool _isStopped;

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => DateTimeOffset.UtcNow;

    /// <summary>Stops all timers.</summary>
    public void Dispose() => _isStopped = true;

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(
        TimeSpan delay,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Once(delay, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Repeat(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(
        TimeSpan delay,
        Action action,
        ICancelable cancelable
    ) => Once(delay, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(
        TimeSpan delay,
        IRunnable action,
        ICancelable cancelable
    ) => Once(delay, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        Action action,
        ICancelable cancelable
    ) => Repeat(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        IRunnable action,
        ICancelable cancelable
    ) => Repeat(initialDelay, interval, action.Run, cancelable);

    private void Once(TimeSpan delay, Action act, ICancelable? cancelable) =>
        Repeat(delay, Timeout.InfiniteTimeSpan, act, cancelable);

    private void Repeat(TimeSpan first, TimeSpan interval, Action act, ICancelable? cancelable)
    {
        if (!_isStopped && cancelable?.IsCancellationRequested != true)
            _ = new Scheduled(this, first, interval, act, cancelable);
    }

    /// <summary>One scheduled action. The runtime's timer keeps it alive while it may come
    /// due.</summary>
    private sealed class Scheduled
    {
        private readonly TimerScheduler _scheduler;
        private readonly Action _act;
        private readonly ICancelable? _cancelable;
        private readonly bool _isOnce;
        private readonly Timer _timer;

        public Scheduled(
            TimerScheduler scheduler,
            TimeSpan first,
            TimeSpan interval,
            Action act,
            ICancelable? cancelable
        )
        {
            (_scheduler, _act, _cancelable) = (scheduler, act, cancelable);
            _isOnce = interval == Timeout.InfiniteTimeSpan;
            // Started only after the field is set: it may fire at once.
            _timer = new Timer(_ => Fire());
            _timer.Change(first, interval);
        }

        private void Fire()
        {
            var isCancelled = _scheduler._isStopped || _cancelable?.IsCancellationRequested == true;
            if (_isOnce || isCancelled)
                _timer.Dispose();
            if (isCancelled)
                return;
            try
            {
                _act();
            }
            catch (Exception e)
            {
                _scheduler.Log.Error(e, "A scheduled action failed.");
            }
        }
    }
}
