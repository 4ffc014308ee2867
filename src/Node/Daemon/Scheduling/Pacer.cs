using Akka.Actor;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>
/// When to solve: at once while rounds are few; under load no sooner than the pace, nor than the
/// last round took. All that happens in between is solved together. A token bucket tells which it
/// is.
/// </summary>
internal sealed class Pacer : IDisposable
{
    private readonly IActorRef _self;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pace;
    private readonly ITimer _timer;
    private const double Burst = 20;
    private double _tokens = Burst;
    private long _filled;
    private long _ended;
    private TimeSpan _took;
    private bool _asked;

    public Pacer(IActorRef self, TimeProvider time, TimeSpan pace)
    {
        (_self, _time, _pace) = (self, time, pace);
        _timer = time.CreateTimer(
            _ => self.Tell(SolveNow.Instance),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    internal sealed class SolveNow
    {
        public static readonly SolveNow Instance = new();

        private SolveNow() { }
    }

    /// <summary>Something has changed.</summary>
    public void Ask()
    {
        if (_asked)
            return;
        _asked = true;
        var now = _time.GetTimestamp();
        Fill(now);
        var rest = _ended == 0 ? TimeSpan.Zero : _took - _time.GetElapsedTime(_ended, now);
        var wait = _tokens >= 1 ? rest : Longer(rest, _pace * (1 - _tokens));
        if (wait <= TimeSpan.Zero)
            _self.Tell(SolveNow.Instance);
        else
            Arm(wait);
    }

    /// <summary>A round is over; the next is due by itself after `next`.</summary>
    public void Done(long startedAt, TimeSpan next)
    {
        _ended = _time.GetTimestamp();
        Fill(_ended);
        _tokens = Math.Max(0, _tokens - 1);
        _took = _time.GetElapsedTime(startedAt, _ended);
        Skip(next);
    }

    /// <summary>There was no round; the next is due by itself after `next`.</summary>
    public void Skip(TimeSpan next)
    {
        _asked = false;
        Arm(next);
    }

    public void Dispose() => _timer.Dispose();

    private void Fill(long now)
    {
        if (_filled != 0)
            _tokens = Math.Min(Burst, _tokens + _time.GetElapsedTime(_filled, now) / _pace);
        _filled = now;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Arm(TimeSpan wait) =>
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
}
