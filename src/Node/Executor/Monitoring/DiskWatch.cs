using System.Diagnostics;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>Watches the disk of the home while jobs run. While less than the reserve is free, it
/// drops all but the newest output of each running job: their writes neither fail nor wait, and the
/// store can be written. Owned by the event-loop thread.</summary>
internal sealed class DiskWatch(
    HomePaths home,
    EventLoop loop,
    ExecutorLimits limits,
    AttemptRegistry registry,
    ExecutorLog log
)
{
    /// <summary>Limits the watch to one part in this many of a core.</summary>
    private const int Share = 20;

    private bool _isWatching;
    private bool _isLow;

    /// <summary>Starts to watch, because there is a job.</summary>
    /// <param name="now">The time in ms.</param>
    public void Started(long now)
    {
        if (_isWatching)
            return;
        _isWatching = true;
        loop.At(now, Look);
    }

    private void Look(Moment now)
    {
        _isWatching = registry.Live.Count > 0;
        if (!_isWatching)
            return;
        var watch = Stopwatch.StartNew();
        var next = Look();
        loop.At(now.Ms + Math.Max(next, watch.ElapsedMilliseconds * Share), Look);
    }

    /// <summary>Returns the time until the next look, ms.</summary>
    private long Look()
    {
        if (!Libc.TryFreeSpace(home.Home, out var free, out var total))
            return new DiskReserve().NextLookMs(0);
        var reserve = DiskReserve.Of(limits.DiskReserveBytes, total);
        var isLow = reserve.IsLow(free);
        if (isLow != _isLow)
            log.Write(
                isLow
                    ? $"{free} bytes are free on the disk of {home.Home}, less than the reserve of "
                        + $"{reserve.Bytes} (jobcloud.executor.disk-reserve): the output of running "
                        + $"jobs is cut to its newest {DiskReserve.KeptBytes} bytes a stream"
                    : $"{free} bytes are free on the disk of {home.Home}: output is kept again"
            );
        _isLow = isLow;
        if (isLow)
        {
            foreach (var attempt in registry.Live)
                _ = attempt.LiveJob?.Output.DropForReserve(DiskReserve.KeptBytes);
        }
        return reserve.NextLookMs(free);
    }
}
