using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Cgroups;
using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Threads;

namespace JobCloud.Node.Executor.Monitoring;

/// <summary>Keeps the processes of jobs in the jobs' cgroups. A job of the executor's own account
/// can write the files of any cgroup, and so move a process out. It is moved back, because the job
/// may have meant no harm (a container manager makes cgroups of its own); when it leaves again, the
/// job is killed. Owned by the event-loop thread.</summary>
internal sealed class EscapeWatch(
    EventLoop loop,
    AttemptRegistry registry,
    AttemptRunner runner,
    ChildOwners owners,
    Action<string> log
)
{
    /// <summary>Interval of the looks, ms.</summary>
    private const long LookMs = 1_000;

    /// <summary>Limits the looks to one part in this many of a core.</summary>
    private const int Share = 20;

    /// <summary>A job that moves more processes out does not stop by itself.</summary>
    private const int MovedBackMax = 1_000;

    private static readonly int Self = Libc.getpid();
    private bool _isWatching;

    public void Started(StartedJob job, long now)
    {
        if (_isWatching || !IsWatched(job))
            return;
        _isWatching = true;
        Schedule(now);
    }

    private static bool IsWatched(StartedJob job) =>
        job is { Cgroup: not null, Launch.Account: null };

    private void Schedule(long now) => loop.At(now + LookMs, Look);

    private void Look(Moment now)
    {
        // Once more after the last job has ended: it may have left processes elsewhere.
        owners.FindOwners(now.Ms);
        var watched = new List<(TrackedAttempt, JobCgroup)>();
        _isWatching = false;
        foreach (var attempt in registry.Live)
        {
            if (attempt.LiveJob is not { Cgroup: { } cgroup } job || !IsWatched(job))
                continue;
            _isWatching = true;
            // Short jobs are many, and what they leave outside is an orphan.
            if (now.Ms - job.Launch.Started.Ms >= LookMs)
                watched.Add((attempt, cgroup));
        }
        if (_isWatching && watched.Count == 0)
            Schedule(now.Ms);
        if (watched.Count == 0)
            return;
        Background.Run(
            loop,
            () =>
            {
                var scan = EscapeScan.Take(watched);
                loop.Post(later => Judge(scan, later));
                return Task.CompletedTask;
            },
            afterFault: later => Schedule(later.Ms)
        );
    }

    private void Judge(EscapeScan scan, Moment now)
    {
        Schedule(now.Ms + (long)(scan.TookMs * Share));
        foreach (var (pid, stat) in scan.Snapshot.All)
        {
            if (stat.IsZombie || scan.Snapshot.ChildAbove(pid, Self) is not (> 0 and var child))
                continue;
            if (owners.OwnerOf(child) is not { LiveJob: { } job } attempt)
                continue;
            var missing = scan.Missing(attempt, pid);
            if (missing.Count > 0 && IsSame(stat))
                MoveBack(attempt, job, stat, missing, now);
        }
    }

    private static bool IsSame(ProcessStat stat) =>
        ProcessStat.Read(stat.Pid) is { IsZombie: false } now && now.StartTick == stat.StartTick;

    private void MoveBack(
        TrackedAttempt attempt,
        StartedJob job,
        ProcessStat stat,
        IReadOnlyList<string> missing,
        Moment now
    )
    {
        foreach (var directory in missing)
            _ = ControlFile.Write($"{directory}/cgroup.procs", $"{stat.Pid}");
        if (!job.MovedBack.Add((stat.Pid, stat.StartTick)) || job.MovedBack.Count > MovedBackMax)
            runner.LeftCgroup(attempt, now);
        else
            log($"{attempt.Id}: process {stat.Pid} had left the job's cgroup and was moved back");
    }
}
