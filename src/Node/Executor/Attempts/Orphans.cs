using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds the owners of orphaned processes, by session or else by the mark in their
/// environment. Used only on the event-loop thread.</summary>
/// <param name="reaped">As in <see cref="OrphanOwners{TOwner}"/>.</param>
internal sealed class Orphans(
    HomePaths home,
    EventLoop loop,
    AttemptRegistry registry,
    Func<long> reaped
) : IDisposable
{
    /// <summary>Interval between looks at orphans whose owner is unknown.</summary>
    private const long RetryMs = 1_000;

    private readonly OrphanOwners<TrackedAttempt> _adoptions = new(reaped);
    private bool _hasRetryScheduled;

    /// <summary>Whether there are orphans whose owner is unknown.</summary>
    public bool HasUnowned => _adoptions.HasUnowned;

    /// <summary>Whether there are orphans whose owner cannot be determined yet.</summary>
    public bool HasUndecided => _adoptions.HasUndecided;

    public bool Any(TrackedAttempt attempt) => _adoptions.Any(attempt);

    public TrackedAttempt? OwnerOf(int pid) => _adoptions.OwnerOf(pid);

    /// <summary>Forgets a reaped orphan and returns its owner.</summary>
    public TrackedAttempt? Reaped(int pid) => _adoptions.Reaped(pid);

    /// <summary>Looks for unknown owners; schedules another look for those that it did not
    /// find.</summary>
    public void FindOwners(long now)
    {
        _adoptions.Refresh(OwnershipOf, now);
        if (!HasUnowned || _hasRetryScheduled)
            return;
        _hasRetryScheduled = true;
        loop.At(
            now + RetryMs,
            later =>
            {
                _hasRetryScheduled = false;
                FindOwners(later.Ms);
            }
        );
    }

    public void Dispose() => _adoptions.Dispose();

    private Ownership<TrackedAttempt> OwnershipOf(int pid)
    {
        if (registry.TryGetByPid(Libc.getsid(pid), out var bySession))
            return new(bySession);
        if (ProcessMark.Of(pid, home.Home, out var isShown) is not { } id)
            return new(null, isShown);
        if (registry.TryGet(id, out var byMark) && byMark.LiveJob is not null)
            return new(byMark);
        // Its owner could not be found before the job was reported as ended.
        _ = Libc.kill(pid, Libc.SIGKILL);
        return new(null);
    }
}
