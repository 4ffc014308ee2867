using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Finds the owners of orphaned processes: by session, by the mark in their environment,
/// by their recent ancestors, or else by exclusion (<see cref="OrphanCandidates{TJob}"/>). Used
/// only on the event-loop thread.</summary>
/// <param name="parentOf">The recent parent of a process, even of an exited one; 0:
/// unknown.</param>
/// <param name="reaped">As in <see cref="OrphanOwners{TOwner}"/>.</param>
internal sealed class Orphans(
    HomePaths home,
    EventLoop loop,
    AttemptRegistry registry,
    Func<int, int> parentOf,
    Func<long> reaped
) : IDisposable
{
    /// <summary>Maximum number of ancestors to follow.</summary>
    private const int GenerationsMax = 32;

    /// <summary>Interval between looks at orphans whose owner is unknown.</summary>
    private const long RetryMs = 1_000;

    private readonly OrphanOwners<TrackedAttempt> _adoptions = new(reaped);
    private readonly OrphanCandidates<TrackedAttempt> _candidates = new();

    /// <summary>Whether this process may have children that no job has started: those that it had
    /// before, or, as the first process of a container, any orphan.</summary>
    private readonly bool _hasStrangers = Libc.getpid() == 1 || OrphanOwners.HasChildren();
    private bool _hasRetryScheduled;

    /// <summary>Whether there are orphans whose owner is unknown.</summary>
    public bool HasUnowned => _adoptions.HasUnowned;

    /// <summary>Whether there are orphans whose owner cannot be determined yet.</summary>
    public bool HasUndecided => _adoptions.HasUndecided;

    public bool Any(TrackedAttempt attempt) => _adoptions.Any(attempt);

    /// <summary>Kills what an attempt with a cgroup has left outside it.</summary>
    public void Kill(TrackedAttempt ended)
    {
        foreach (var pid in _adoptions.Of(ended))
            _ = Libc.kill(pid, Libc.SIGKILL);
    }

    public TrackedAttempt? OwnerOf(int pid) => _adoptions.OwnerOf(pid);

    /// <summary>Forgets a reaped orphan and returns its owner.</summary>
    public TrackedAttempt? Reaped(int pid)
    {
        _candidates.Forget(pid);
        return _adoptions.Reaped(pid);
    }

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
            return isShown ? new(OwnerByAncestors(pid) ?? OwnerByExclusion(pid)) : new(null, false);
        if (registry.TryGet(id, out var byMark) && byMark.LiveJob is not null)
            return new(byMark);
        // Its owner could not be found before the job was reported as ended.
        _ = Libc.kill(pid, Libc.SIGKILL);
        return new(null);
    }

    private TrackedAttempt? OwnerByAncestors(int pid)
    {
        for (var i = 0; i < GenerationsMax && pid > 0; i++)
        {
            pid = parentOf(pid);
            if (pid <= 0)
                return null;
            if (registry.TryGetByPid(pid, out var byPid))
                return byPid;
            if (_adoptions.OwnerOf(pid) is { } known)
                return known;
        }
        return null;
    }

    /// <summary>The owner of a process without a trace: the job whose cgroup it is in, or the only
    /// one that it can belong to. Kills one that can only belong to an ended job.</summary>
    private TrackedAttempt? OwnerByExclusion(int pid)
    {
        var live = registry.Live;
        if (_hasStrangers)
            return null;
        foreach (var attempt in live)
        {
            if (attempt.LiveJob?.Cgroup is not { } cgroup)
                continue;
            if (cgroup.Pids() is not { } inside)
                return null;
            if (inside.Contains(pid))
                return attempt;
        }
        var owner = _candidates.Look(pid, live, out var mustDie);
        if (mustDie)
            _ = Libc.kill(pid, Libc.SIGKILL);
        return owner;
    }
}
