namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Where the cgroups of this home's jobs lie, and how they are made there. For the loop's
/// thread.</summary>
internal abstract class CgroupTree : IDisposable
{
    private volatile bool _hasSwap;

    /// <summary>What is enforced and measured, as <c>nodes</c> shows it.</summary>
    public abstract string Words { get; }

    /// <summary>The directories that hold those of the jobs.</summary>
    public abstract IReadOnlyList<string> Parents { get; }

    /// <summary>Whether the machine has swap: told by whoever looks from time to time.</summary>
    public bool HasSwap
    {
        get => _hasSwap;
        set => _hasSwap = value;
    }

    /// <summary>Makes a cgroup that is not there yet; else <paramref name="error"/> says why
    /// not.</summary>
    public abstract JobCgroup? Make(string name, CgroupLimits limits, out int error);

    /// <summary>Takes this thread out of the cgroup of a job, if it is in one.</summary>
    public abstract void Leave();

    /// <summary>Calls <paramref name="rung"/>, on any thread, when a job may be out of memory and
    /// the kernel does not itself end all of it.</summary>
    public abstract void WatchMemory(Action rung);

    /// <summary>Removes the parents, once there are no jobs; false: not yet.</summary>
    public bool TryRemove() => Parents.All(CgroupFolder.TryRemove);

    public virtual void Dispose() { }
}
