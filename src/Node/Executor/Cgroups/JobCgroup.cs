using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The cgroup of one attempt: all its processes, and none else.</summary>
internal abstract class JobCgroup(CgroupLimits limits)
{
    /// <summary>A process may fork between the search and the signal; a killed one no more, so that
    /// few rounds reach even what forks all the time.</summary>
    private const int SignalRoundsMax = 100;

    private static readonly int Self = Libc.getpid();

    public CgroupLimits Limits { get; } = limits;

    /// <summary>The directory that shows its processes.</summary>
    public abstract string Directory { get; }

    /// <summary>Lets the next process that this thread starts be in it.</summary>
    /// <param name="error">Why the program cannot be run, where that would not show at its start;
    /// 0: no more is known.</param>
    /// <returns>What to start in the place of this program; null: it cannot be run, or the cgroup
    /// cannot be entered.</returns>
    public abstract (string Program, IReadOnlyList<string> Arguments)? Admit(
        string program,
        IReadOnlyList<string> arguments,
        out int error
    );

    /// <summary>Its attempt is no quick one: sets the limits and begins the counts that quick ones
    /// do without. For any thread.</summary>
    public virtual void Settle() { }

    /// <summary>Whether no process is in it. A process that waits to be reaped is not.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>What was counted since it was made or cleaned. For any thread.</summary>
    public abstract CgroupReading Read();

    /// <summary>How many of its processes the kernel killed for want of memory.</summary>
    public abstract long OutOfMemoryKills { get; }

    /// <summary>Readies the empty cgroup for another attempt; false: it cannot be, remove
    /// it.</summary>
    /// <param name="last">What was read once it was empty.</param>
    public abstract bool TryClean(in CgroupReading last);

    /// <summary>Removes the empty cgroup; false: not yet. For any thread.</summary>
    public abstract bool TryRemove();

    /// <summary>Whether a thread of this process was in it when its processes were last
    /// sought.</summary>
    protected bool HoldsExecutor { get; private set; }

    /// <summary>The processes in it and in those that they made below it; never this one.</summary>
    public List<int> Pids()
    {
        var pids = CgroupFolder.Pids(Directory);
        HoldsExecutor = pids.Remove(Self);
        return pids;
    }

    /// <summary>Signals all processes in it.</summary>
    public virtual void Signal(int signal)
    {
        var signalled = new HashSet<int>();
        for (var round = 0; round < SignalRoundsMax; round++)
        {
            var news = false;
            foreach (var pid in Pids())
            {
                if (!signalled.Add(pid))
                    continue;
                news = true;
                Signals.Send(pid, signal);
            }
            if (!news)
                return;
        }
    }
}
