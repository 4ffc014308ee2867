using JobCloud.Node.Executor.Processes;
using JobCloud.Node.Executor.Sandboxes;
using JobCloud.Node.Executor.Threads;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>Handles exited children: finds the owner of each and informs its attempt. Used only on
/// the event-loop thread.</summary>
/// <param name="isOther">Handles the exit of a process that belongs to no job; false: the process
/// belongs to a job.</param>
internal sealed class ChildExitHandler(
    EventLoop loop,
    ExitQueue exits,
    AttemptRunner runner,
    AttemptRegistry registry,
    IAddedProcesses addedProcesses,
    Orphans orphans,
    ChildOwners owners,
    SandboxStarts sandboxStarts,
    Func<ChildExit, Moment, bool> isOther
)
{
    /// <summary>Delay before another look at an orphan whose owner cannot be determined
    /// yet.</summary>
    private const long RetryMs = 2;

    private readonly List<TrackedAttempt> _firstEnded = [];

    /// <summary>Handles the exited children, then the attempts that may have ended. This order
    /// counts an orphan's usage before its attempt ends.</summary>
    public void Take(Moment now)
    {
        var orphansEnded = false;
        while (exits.TryTake(out var exit))
        {
            if (!IsFirst(exit) && !addedProcesses.Ended(exit) && !isOther(exit, now))
            {
                orphansEnded = true;
                OrphanEnded(exit);
            }
        }
        if (_firstEnded.Count == 0 && registry.Draining.Count == 0 && !orphansEnded)
            return;
        if (registry.WithoutCgroupCount > 0)
        {
            orphans.FindOwners(now.Ms);
            if (orphans.HasUndecided)
            {
                loop.At(now.Ms + RetryMs, _ => { });
                return;
            }
        }
        foreach (var attempt in _firstEnded)
            runner.FirstEnded(attempt, owners.AnyLeft(attempt), now);
        _firstEnded.Clear();
        for (var i = registry.Draining.Count - 1; i >= 0; i--)
        {
            if (!owners.AnyLeft(registry.Draining[i]))
                runner.Handle(registry.Draining[i], new AttemptEvent.Emptied(), now);
        }
    }

    /// <summary>Whether the end of an attempt is taken from this process.</summary>
    private bool IsFirst(in ChildExit exit)
    {
        if (
            registry.TryGetByPid(exit.Pid, out var attempt)
            && attempt.LiveJob is { FirstExit: null } job
            && !sandboxStarts.IsBubblewrapExit(job.Launch.SandboxStart, exit)
        )
            FirstEnded(attempt, job, exit);
        else if (
            sandboxStarts.TakeAttemptOf(exit.Pid) is { } id
            && registry.TryGet(id, out var entered)
            && entered.LiveJob is { } itsJob
        )
        {
            _ = orphans.Reaped(exit.Pid);
            FirstEnded(entered, itsJob, exit);
        }
        else
            return false;
        return true;
    }

    private void FirstEnded(TrackedAttempt attempt, StartedJob job, in ChildExit exit)
    {
        job.FirstEnded(exit);
        if (job.Launch.SandboxStart is { } sandboxStart)
            SandboxStarts.EndAnchor(sandboxStart, job.Pid);
        _firstEnded.Add(attempt);
        addedProcesses.JobEnded(attempt, job);
    }

    private void OrphanEnded(in ChildExit exit)
    {
        var owner = orphans.Reaped(exit.Pid);
        if (owner is null && registry.TryGetByPid(exit.Session, out var bySession))
            owner = bySession;
        owner?.Job?.Usage.Ended(exit);
    }
}
