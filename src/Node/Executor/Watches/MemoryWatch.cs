using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;

namespace JobCloud.Node.Executor.Watches;

/// <summary>Finds the attempts that ran out of memory, after word that some cgroup may
/// have.</summary>
internal sealed class MemoryWatch(EventLoop loop, AttemptBook book, AttemptRunner runner)
{
    /// <summary>When cgroups are looked at after the word: it comes a little before the kernel
    /// kills. What took longer is found by the next look at all that jobs use.</summary>
    private static readonly long[] LooksMs = [1, 20, 200];

    private bool _isLooking;

    /// <summary>The word. For any thread.</summary>
    public void Rung() => loop.Post(LookSoon);

    private void LookSoon(Moment now)
    {
        if (_isLooking)
            return;
        _isLooking = true;
        foreach (var after in LooksMs)
            loop.At(now.Ms + after, later => Look(isLast: after == LooksMs[^1], later));
    }

    private void Look(bool isLast, Moment now)
    {
        _isLooking &= !isLast;
        foreach (var attempt in book.Living.ToArray())
        {
            if (attempt.Living?.Cgroup is { OutOfMemoryKills: > 0 })
                runner.OutOfMemory(attempt, now);
        }
    }
}
