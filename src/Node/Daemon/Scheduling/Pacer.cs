using Akka.Actor;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>
/// When to solve: at once while rounds are few; under load no sooner than the pace, nor than the last
/// round took. All that happens in between is solved together. A token bucket tells which it is.
/// </summary>
internal sealed class Pacer : IDisposable
{
    private readonly IActorRef self;
    private readonly TimeProvider time;
    private readonly TimeSpan pace;
    private readonly ITimer timer;
    private const double Burst = 20;
    private double tokens = Burst;
    private long filled;
    private long ended;
    private TimeSpan took;
    private bool asked;

    public Pacer(IActorRef self, TimeProvider time, TimeSpan pace)
    {
        (this.self, this.time, this.pace) = (self, time, pace);
        timer = time.CreateTimer(
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
        if (asked)
            return;
        asked = true;
        var now = time.GetTimestamp();
        Fill(now);
        var rest = ended == 0 ? TimeSpan.Zero : took - time.GetElapsedTime(ended, now);
        var wait = tokens >= 1 ? rest : Longer(rest, pace * (1 - tokens));
        if (wait <= TimeSpan.Zero)
            self.Tell(SolveNow.Instance);
        else
            Arm(wait);
    }

    /// <summary>A round is over; the next is due by itself after `next`.</summary>
    public void Done(long startedAt, TimeSpan next)
    {
        ended = time.GetTimestamp();
        Fill(ended);
        tokens = Math.Max(0, tokens - 1);
        took = time.GetElapsedTime(startedAt, ended);
        Skip(next);
    }

    /// <summary>There was no round; the next is due by itself after `next`.</summary>
    public void Skip(TimeSpan next)
    {
        asked = false;
        Arm(next);
    }

    public void Dispose() => timer.Dispose();

    private void Fill(long now)
    {
        if (filled != 0)
            tokens = Math.Min(Burst, tokens + time.GetElapsedTime(filled, now) / pace);
        filled = now;
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Arm(TimeSpan wait) =>
        timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
}
