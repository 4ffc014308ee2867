using Akka.Actor;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>
/// Decides when the scheduler runs its next round: at once while rounds are rare; under load no
/// sooner than the pace and the length of the last round. A round handles all changes since the
/// last one. A token bucket detects load.
/// </summary>
internal sealed class RoundPacer : IDisposable
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

    public RoundPacer(IActorRef self, TimeProvider time, TimeSpan pace)
    {
        (_self, _time, _pace) = (self, time, pace);
        _timer = time.CreateTimer(
            _ => self.Tell(StartRound.Instance),
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    internal sealed class StartRound
    {
        public static readonly StartRound Instance = new();

        private StartRound() { }
    }

    /// <summary>Requests a round, as something has changed.</summary>
    public void RequestRound()
    {
        if (_asked)
            return;
        _asked = true;
        var now = _time.GetTimestamp();
        Fill(now);
        var rest = _ended == 0 ? TimeSpan.Zero : _took - _time.GetElapsedTime(_ended, now);
        var wait = _tokens >= 1 ? rest : Longer(rest, _pace * (1 - _tokens));
        if (wait <= TimeSpan.Zero)
            _self.Tell(StartRound.Instance);
        else
            Arm(wait);
    }

    /// <summary>Ends a round; unless requested earlier, the next starts after
    /// <paramref name="next"/>.</summary>
    public void Done(long startedAt, TimeSpan next)
    {
        _ended = _time.GetTimestamp();
        Fill(_ended);
        _tokens = Math.Max(0, _tokens - 1);
        _took = _time.GetElapsedTime(startedAt, _ended);
        Skip(next);
    }

    /// <summary>Skips a round; unless requested earlier, the next starts after
    /// <paramref name="next"/>.</summary>
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
