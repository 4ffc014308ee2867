using System.Globalization;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Creates a cgroup for each attempt where cgroups are available and enabled. Cgroups that
/// short attempts left clean are reused, because creating and removing one costs a good part of the
/// work of such an attempt. Used only on the event-loop thread.</summary>
internal sealed class JobCgroups(HomePaths home, ExecutorLimits limits, ExecutorLog log)
    : IDisposable
{
    /// <summary>An exiting process may keep its cgroup busy for a moment.</summary>
    private const int RemovalAttemptsMax = 200,
        RemovalPauseMs = 5;

    /// <summary>Maximum number of empty cgroups kept for reuse. Creating and removing one takes
    /// about a third of the time of a short job.</summary>
    private const int KeptMax = 64;

    private const string NotEnforced = "not enforced (/proc sampling)";
    private readonly List<JobCgroup> _kept = [];
    private CgroupTree? _tree;
    private string _unavailableReason = "";
    private bool _detected;
    private long _last;
    private int _removing;
    private Action _onMemoryLow = () => { };

    /// <summary>A description of what is enforced and measured, with the reason for what is not, as
    /// <c>nodes</c> shows it.</summary>
    public string Description =>
        !IsWanted ? $"{NotEnforced}: disabled by jobcloud.executor.cgroups"
        : _tree is null ? $"{NotEnforced}: {_unavailableReason}"
        : _tree.Description;

    private bool IsWanted => limits.Cgroups != CgroupUse.Off;

    /// <summary>Kills the processes and removes the cgroups that an earlier executor left, wherever
    /// its cgroups were; false: some remain.</summary>
    public static bool Sweep(HomePaths home, ExecutorLog log)
    {
        var parents = CgroupParents.Read(home, out var isReadable);
        if (!isReadable)
            log.Write($"{home.Cgroups} is damaged: found {parents.Count} cgroups of this home");
        return CgroupSweep.Run(parents, HomeFolders.KillTimeoutMs);
    }

    /// <param name="onMemoryLow">Called on any thread when a job may be out of memory.</param>
    public void Start(Action onMemoryLow)
    {
        _onMemoryLow = onMemoryLow;
        DetectIfEnabled();
    }

    /// <summary>Detects cgroups once they are enabled.</summary>
    public void DetectIfEnabled()
    {
        if (_detected || !IsWanted)
            return;
        _detected = true;
        _tree = CgroupDetection.Find(CgroupFolder.NameFor(home.Home), out _unavailableReason);
        if (_tree is not null)
        {
            _ = NoteParents();
            _ = CgroupSweep.Run(_tree.Parents, HomeFolders.KillTimeoutMs);
            _tree.WatchMemory(_onMemoryLow);
        }
        log.Write($"limits of jobs: {Description}");
    }

    /// <summary>Writes where the cgroups are, for the next executor; false: there are
    /// none.</summary>
    public bool NoteParents()
    {
        if (_tree is null)
            return false;
        if (!CgroupParents.Write(home, _tree.Parents))
            log.Write($"{home.Cgroups} cannot be written (errno {Libc.Errno})");
        return true;
    }

    /// <summary>Records whether the machine has swap. Thread-safe.</summary>
    public void SetHasSwap(bool hasSwap)
    {
        if (_tree is { } tree)
            tree.HasSwap = hasSwap;
    }

    /// <summary>Returns an empty cgroup with these limits and that of processes; null: cgroups are
    /// unavailable or the creation failed.</summary>
    /// <param name="memoryBytes">0: no limit.</param>
    /// <param name="cores">0: no limit.</param>
    /// <param name="error">The errno if jobs have cgroups here but none could be created;
    /// otherwise 0.</param>
    public JobCgroup? Take(long memoryBytes, int cores, out int error)
    {
        var wanted = new CgroupLimits(memoryBytes, cores, limits.PidsMax);
        error = 0;
        if (_tree is null || !IsWanted)
            return null;
        var i = _kept.FindLastIndex(cgroup => cgroup.Limits == wanted);
        if (i >= 0)
        {
            var kept = _kept[i];
            _kept.RemoveAt(i);
            return kept;
        }
        do
        {
            var name = (++_last).ToString(CultureInfo.InvariantCulture);
            if (_tree.Make(name, wanted, out error) is { } made)
                return made;
        } while (error == Libc.EEXIST);
        return null;
    }

    /// <summary>Moves this thread back to the executor's cgroup after a start.</summary>
    public void Leave() => _tree?.Leave();

    /// <summary>Takes an empty cgroup back for reuse, or removes it.</summary>
    /// <param name="last">The reading taken once the cgroup was empty.</param>
    public void Return(JobCgroup cgroup, in CgroupReading last)
    {
        if (!cgroup.TryClean(last))
        {
            Remove(cgroup);
            return;
        }
        if (_kept.Count >= KeptMax)
        {
            Remove(_kept[0]);
            _kept.RemoveAt(0);
        }
        _kept.Add(cgroup);
    }

    /// <summary>Removes all cgroups once no job is left.</summary>
    public void Dispose()
    {
        foreach (var cgroup in _kept)
            Remove(cgroup);
        _kept.Clear();
        while (Volatile.Read(ref _removing) > 0)
            Thread.Sleep(RemovalPauseMs);
        for (var tries = 0; _tree?.TryRemove() == false && tries < RemovalAttemptsMax; tries++)
            Thread.Sleep(RemovalPauseMs);
        _tree?.Dispose();
    }

    private void Remove(JobCgroup cgroup)
    {
        Interlocked.Increment(ref _removing);
        ThreadPool.UnsafeQueueUserWorkItem(_ => RemoveNow(cgroup), null);
    }

    private void RemoveNow(JobCgroup cgroup)
    {
        var tries = 0;
        while (!cgroup.TryRemove() && ++tries < RemovalAttemptsMax)
            Thread.Sleep(RemovalPauseMs);
        if (tries == RemovalAttemptsMax)
            log.Write($"{cgroup.Directory} cannot be removed; the next start will retry");
        Interlocked.Decrement(ref _removing);
    }
}
