using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The cgroup of one attempt; it contains exactly the attempt's processes.</summary>
internal abstract class JobCgroup(CgroupLimits limits)
{
    /// <summary>A process may fork between the scan and the signal, but not after it is killed. A
    /// few rounds therefore reach even a process that forks all the time.</summary>
    private const int SignalRoundsMax = 100;

    private static readonly int Self = Libc.getpid();

    public CgroupLimits Limits { get; } = limits;

    /// <summary>The directory that lists its processes.</summary>
    public abstract string Directory { get; }

    /// <summary>All directories that each of its processes must be in by now.
    /// Thread-safe.</summary>
    public abstract IReadOnlyList<string> Directories { get; }

    /// <summary>Makes the next process that this thread starts join the cgroup.</summary>
    /// <param name="error">The errno if the program cannot run and its start would not show that;
    /// 0: no error is known.</param>
    /// <returns>The program and arguments to start instead; null: the program cannot run, or the
    /// cgroup cannot be entered.</returns>
    public abstract (string Program, IReadOnlyList<string> Arguments)? PrepareSpawn(
        string program,
        IReadOnlyList<string> arguments,
        out int error
    );

    /// <summary>Sets the limits and starts the counters that short attempts do without; called for
    /// an attempt that is not short. Thread-safe.</summary>
    public virtual void SetLimits() { }

    /// <summary>Whether the cgroup has no live process. Zombies do not count.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>The counters since the cgroup was created or cleaned. Thread-safe.</summary>
    public abstract CgroupReading Read();

    /// <summary>The number of its processes that the kernel killed for lack of memory.</summary>
    public abstract long OutOfMemoryKills { get; }

    /// <summary>Prepares the empty cgroup for another attempt; false: it cannot be reused and must
    /// be removed.</summary>
    /// <param name="last">The reading taken once the cgroup was empty.</param>
    public abstract bool TryClean(in CgroupReading last);

    /// <summary>Removes the empty cgroup; false: not yet. Thread-safe.</summary>
    public abstract bool TryRemove();

    /// <summary>Whether the last scan found a thread of the executor in the cgroup.</summary>
    protected bool HoldsExecutor { get; private set; }

    /// <summary>The processes in the cgroup and below it, without the executor; null: they cannot
    /// be read now.</summary>
    public List<int>? Pids()
    {
        var pids = CgroupFolder.Pids(Directory);
        HoldsExecutor = pids?.Remove(Self) == true;
        return pids;
    }

    /// <summary>Signals all processes in the cgroup.</summary>
    public virtual void Signal(int signal)
    {
        var signalled = new HashSet<int>();
        for (var round = 0; round < SignalRoundsMax; round++)
        {
            var foundNew = false;
            foreach (var pid in Pids() ?? [])
            {
                if (!signalled.Add(pid))
                    continue;
                foundNew = true;
                ProcessSignals.Send(pid, signal);
            }
            if (!foundNew)
                return;
        }
    }
}
