using JobCloud.Node.Executor.Hosting;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds the attempts that ran out of memory, after word that some cgroup may have.</summary>
internal sealed class MemoryWatch(EventLoop loop, AttemptRunner runner)
{
    /// <summary>When cgroups are looked at after the word: it comes a little before the kernel kills.
    /// What took longer is found by the next look at all that jobs use.</summary>
    private static readonly long[] LooksMs = [1, 20, 200];

    private bool _isLooking;

    /// <summary>The word. For any thread.</summary>
    public void Rung() => loop.Post(LookSoon);

    private void LookSoon()
    {
        if (_isLooking)
            return;
        _isLooking = true;
        foreach (var after in LooksMs)
            loop.At(Clock.NowMs() + after, () => Look(isLast: after == LooksMs[^1]));
    }

    private void Look(bool isLast)
    {
        _isLooking &= !isLast;
        foreach (var attempt in runner.Book.Living.ToArray())
        {
            if (attempt.Cgroup is { OutOfMemoryKills: > 0 })
                runner.OutOfMemory(attempt);
        }
    }
}
