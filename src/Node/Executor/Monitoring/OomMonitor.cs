using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>Finds the attempts that ran out of memory, after a notification that a cgroup may
/// have.</summary>
internal sealed class OomMonitor(EventLoop loop, AttemptRegistry registry, AttemptRunner runner)
{
    /// <summary>Delays of the checks after a notification, which comes shortly before the kernel
    /// kills. Later kills are found by the next usage sample.</summary>
    private static readonly long[] ChecksMs = [1, 20, 200];

    private bool _isChecking;

    /// <summary>Handles a notification. Thread-safe.</summary>
    public void Notify() => loop.Post(ScheduleChecks);

    private void ScheduleChecks(Moment now)
    {
        if (_isChecking)
            return;
        _isChecking = true;
        foreach (var after in ChecksMs)
            loop.At(now.Ms + after, later => Check(isLast: after == ChecksMs[^1], later));
    }

    private void Check(bool isLast, Moment now)
    {
        _isChecking &= !isLast;
        foreach (var attempt in registry.Live.ToArray())
        {
            if (attempt.LiveJob?.Cgroup is { OutOfMemoryKills: > 0 })
                runner.OutOfMemory(attempt, now);
        }
    }
}
