using Akka.Actor;

namespace JobCloud.Node.Daemon.Scheduling;

/// <summary>
/// When to solve: at once after a pause, else no sooner than the pace, nor than the last round took. All
/// that happens in between is solved together.
/// </summary>
internal sealed class Pacer : IDisposable
{
    private readonly IActorRef self;
    private readonly TimeProvider time;
    private readonly TimeSpan pace;
    private readonly ITimer timer;
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
        var pause = took > pace ? took : pace;
        var wait = ended == 0 ? TimeSpan.Zero : pause - time.GetElapsedTime(ended);
        if (wait <= TimeSpan.Zero)
            self.Tell(SolveNow.Instance);
        else
            Arm(wait);
    }

    /// <summary>A round is over; the next is due by itself after `next`.</summary>
    public void Done(long startedAt, TimeSpan next)
    {
        ended = time.GetTimestamp();
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

    private void Arm(TimeSpan wait) =>
        timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
}
