using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The tree for version 1, where threads of a process may be in different cgroups: the
/// starting thread enters the job's cgroup before a start and returns afterwards.</summary>
/// <param name="home">The executor's own cgroup.</param>
/// <param name="parent">The parent of the jobs' cgroups.</param>
internal sealed class V1Tree(V1Folders home, V1Folders parent) : CgroupTree
{
    private readonly ControlFile _homeTasks = new($"{home.Memory}/tasks");
    private OomListener? _oomListener;

    public override string Description =>
        "cgroup v1: memory, cores" + (home.Pids.Length > 0 ? ", processes" : "");
    public override IReadOnlyList<string> Parents => [.. parent.Distinct];

    /// <summary>Creates the parent; null: failed, with the reason in
    /// <paramref name="reason"/>.</summary>
    public static V1Tree? TryCreate(V1Folders home, string name, out string reason)
    {
        reason = "";
        if (home.Pids.Length > 0 && CgroupFolder.Make($"{home.Pids}/{name}") != 0)
            home = home with { Pids = "" };
        var parent = home.Below(name);
        foreach (var folder in parent.Distinct)
        {
            if (CgroupFolder.Make(folder) is var error and not 0)
            {
                reason = CgroupFolder.CreationError(folder, error);
                _ = parent.Distinct.All(CgroupFolder.TryRemove);
                return null;
            }
        }
        _ = ControlFile.Write($"{parent.Cpu}/cpu.shares", $"{CpuWeight.SharesOfAll}");
        return new(home, parent);
    }

    public override JobCgroup? Make(string name, CgroupLimits limits, out int error)
    {
        var folders = parent.Below(name);
        var cgroup = new V1Cgroup(folders, home, limits, () => HasSwap);
        error = cgroup.Make();
        if (error == 0)
        {
            _oomListener?.Watch(folders.Memory);
            return cgroup;
        }
        _ = error == Libc.EEXIST || cgroup.TryRemove();
        return null;
    }

    public override void Leave() => _ = _homeTasks.Write("0"u8);

    public override void WatchMemory(Action rung) => _oomListener = new(rung);

    public override void Dispose()
    {
        _homeTasks.Dispose();
    }
}
