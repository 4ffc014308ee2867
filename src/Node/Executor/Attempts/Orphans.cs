using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds the owners of orphaned processes, by session or else by the mark in their
/// environment. Used only on the event-loop thread.</summary>
/// <param name="reaped">As in <see cref="Adoptions{TOwner}"/>.</param>
internal sealed class Orphans(
    HomePaths home,
    EventLoop loop,
    AttemptBook registry,
    Func<long> reaped
) : IDisposable
{
    /// <summary>Interval between looks at orphans whose owner is unknown.</summary>
    private const long RetryMs = 1_000;

    private readonly Adoptions<Attempt> _adoptions = new(reaped);
    private bool _hasRetryScheduled;

    /// <summary>Whether there are orphans whose owner is unknown.</summary>
    public bool HasStrangers => _adoptions.HasStrangers;

    /// <summary>Whether there are orphans whose owner cannot be determined yet.</summary>
    public bool HasPuzzles => _adoptions.HasPuzzles;

    public bool Any(Attempt attempt) => _adoptions.Any(attempt);

    public Attempt? OwnerOf(int pid) => _adoptions.OwnerOf(pid);

    /// <summary>Forgets a reaped orphan and returns its owner.</summary>
    public Attempt? Reaped(int pid) => _adoptions.Reaped(pid);

    /// <summary>Looks for unknown owners; schedules another look for those that it did not
    /// find.</summary>
    public void Look(long now)
    {
        _adoptions.Refresh(OwnershipOf, now);
        if (!HasStrangers || _hasRetryScheduled)
            return;
        _hasRetryScheduled = true;
        loop.At(
            now + RetryMs,
            later =>
            {
                _hasRetryScheduled = false;
                Look(later.Ms);
            }
        );
    }

    public void Dispose() => _adoptions.Dispose();

    private Ownership<Attempt> OwnershipOf(int pid)
    {
        if (registry.TryGetByPid(Libc.getsid(pid), out var bySession))
            return new(bySession);
        if (ProcessMark.Of(pid, home.Home, out var isShown) is not { } id)
            return new(null, isShown);
        if (registry.TryGet(id, out var byMark) && byMark.Living is not null)
            return new(byMark);
        // Its owner could not be found before the job was reported as ended.
        _ = Libc.kill(pid, Libc.SIGKILL);
        return new(null);
    }
}
