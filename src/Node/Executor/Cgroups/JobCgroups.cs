using System.Globalization;
using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Gives each attempt a cgroup, where the machine has them and they are wanted. Those that
/// quick attempts left clean are used again: to make and remove one costs a good part of what such
/// an attempt does. For the loop's thread.</summary>
internal sealed class JobCgroups(HomePaths home, ExecutorLimits limits, ExecutorLog log)
    : IDisposable
{
    /// <summary>A process on its last instructions may keep a cgroup for a moment.</summary>
    private const int RemovalsMax = 200,
        RemovalPauseMs = 5;

    /// <summary>Of the empty ones: to make and remove one takes about as long as a third of a quick
    /// job.</summary>
    private const int KeptMax = 64;

    private const string NotEnforced = "not enforced (/proc sampling)";
    private readonly List<JobCgroup> _kept = [];
    private CgroupTree? _tree;
    private string _why = "";
    private bool _sought;
    private long _last;
    private int _removing;
    private Action _memoryRung = () => { };

    /// <summary>What is enforced and measured, and why no more, as <c>nodes</c> shows it.</summary>
    public string Words =>
        !IsWanted ? $"{NotEnforced}: switched off by jobcloud.executor.cgroups"
        : _tree is null ? $"{NotEnforced}: {_why}"
        : _tree.Words;

    private bool IsWanted => limits.Cgroups != CgroupUse.Off;

    /// <summary>Ends and removes what an earlier executor left, wherever it had its cgroups; false:
    /// some of it stays.</summary>
    public static bool Sweep(HomePaths home) =>
        !File.Exists(home.Cgroups)
        || CgroupSweep.Run(File.ReadAllLines(home.Cgroups), HomeFolders.LeftoversDieWithinMs);

    /// <param name="memoryRung">Called on any thread when a job may be out of memory.</param>
    public void Start(Action memoryRung)
    {
        _memoryRung = memoryRung;
        Follow();
    }

    /// <summary>Looks for cgroups once they are wanted.</summary>
    public void Follow()
    {
        if (_sought || !IsWanted)
            return;
        _sought = true;
        _tree = CgroupDetection.Find(CgroupFolder.NameFor(home.Home), out _why);
        if (_tree is not null)
        {
            File.WriteAllLines(home.Cgroups, _tree.Parents);
            _ = CgroupSweep.Run(_tree.Parents, HomeFolders.LeftoversDieWithinMs);
            _tree.WatchMemory(_memoryRung);
        }
        log.Write($"limits of jobs: {Words}");
    }

    /// <summary>Whether the machine has swap. For any thread.</summary>
    public void SwapSeen(bool hasSwap)
    {
        if (_tree is { } tree)
            tree.HasSwap = hasSwap;
    }

    /// <summary>An empty one with these limits; null: there are none here, or there is
    /// trouble.</summary>
    /// <param name="trouble">Why one cannot be had where jobs have them; null: none.</param>
    public JobCgroup? Take(CgroupLimits wanted, out string? trouble)
    {
        trouble = null;
        if (_tree is null || !IsWanted)
            return null;
        var i = _kept.FindLastIndex(cgroup => cgroup.Limits == wanted);
        if (i >= 0)
        {
            var kept = _kept[i];
            _kept.RemoveAt(i);
            return kept;
        }
        int error;
        do
        {
            var name = (++_last).ToString(CultureInfo.InvariantCulture);
            if (_tree.Make(name, wanted, out error) is { } made)
                return made;
        } while (error == Libc.EEXIST);
        trouble = CgroupFolder.WhyNotMadeForJob(error);
        return null;
    }

    /// <summary>Takes this thread home again after a start.</summary>
    public void Leave() => _tree?.Leave();

    /// <summary>Takes an empty cgroup back.</summary>
    /// <param name="last">What was read once it was empty.</param>
    public void Give(JobCgroup cgroup, in CgroupReading last)
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

    /// <summary>Removes all, once no job is left.</summary>
    public void Dispose()
    {
        foreach (var cgroup in _kept)
            Remove(cgroup);
        _kept.Clear();
        while (Volatile.Read(ref _removing) > 0)
            Thread.Sleep(RemovalPauseMs);
        for (var tries = 0; _tree?.TryRemove() == false && tries < RemovalsMax; tries++)
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
        while (!cgroup.TryRemove() && ++tries < RemovalsMax)
            Thread.Sleep(RemovalPauseMs);
        if (tries == RemovalsMax)
            log.Write($"{cgroup.Directory} cannot be removed: the next start tries again");
        Interlocked.Decrement(ref _removing);
    }
}
