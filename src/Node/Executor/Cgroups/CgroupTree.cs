namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Creates the cgroups of this home's jobs. Used only on the event-loop thread.</summary>
internal abstract class CgroupTree : IDisposable
{
    private volatile bool _hasSwap;

    /// <summary>A description of what is enforced and measured, as <c>nodes</c> shows it.</summary>
    public abstract string Description { get; }

    /// <summary>The parent directories of the jobs' cgroups.</summary>
    public abstract IReadOnlyList<string> Parents { get; }

    /// <summary>Whether the machine has swap; updated by a periodic check.</summary>
    public bool HasSwap
    {
        get => _hasSwap;
        set => _hasSwap = value;
    }

    /// <summary>Creates a cgroup that must not exist; otherwise sets
    /// <paramref name="error"/>.</summary>
    public abstract JobCgroup? Make(string name, CgroupLimits limits, out int error);

    /// <summary>Moves this thread out of the cgroup of a job, if it is in one.</summary>
    public abstract void Leave();

    /// <summary>Calls <paramref name="rung"/> on any thread when a job may be out of memory and the
    /// kernel does not itself kill all of it.</summary>
    public abstract void WatchMemory(Action rung);

    /// <summary>Removes the parents once they contain no jobs; false: not yet.</summary>
    public bool TryRemove() => Parents.All(CgroupFolder.TryRemove);

    public virtual void Dispose() { }
}
