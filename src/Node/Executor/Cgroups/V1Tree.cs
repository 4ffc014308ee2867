using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Version 1. Its threads may be in different cgroups: the one that starts jobs goes into
/// each job's before the start, and home afterwards.</summary>
/// <param name="home">Where the executor itself is.</param>
/// <param name="parent">Where the jobs' cgroups are.</param>
internal sealed class V1Tree(V1Folders home, V1Folders parent) : CgroupTree
{
    private readonly ControlFile _homeTasks = new($"{home.Memory}/tasks");
    private OomBell? _bell;

    public override string Words => "cgroup v1: memory, cores";
    public override IReadOnlyList<string> Parents => [.. parent.Distinct];

    /// <summary>Makes the parent; null: it cannot be had, and <paramref name="why"/>
    /// tells.</summary>
    public static V1Tree? TryCreate(V1Folders home, string name, out string why)
    {
        why = "";
        var parent = home.Below(name);
        foreach (var folder in parent.Distinct)
        {
            if (CgroupFolder.Make(folder) is var error and not 0)
            {
                why = CgroupFolder.WhyNotMade(folder, error);
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
            _bell?.Watch(folders.Memory);
            return cgroup;
        }
        _ = error == Libc.EEXIST || cgroup.TryRemove();
        return null;
    }

    public override void Leave() => _ = _homeTasks.Write("0"u8);

    public override void WatchMemory(Action rung) => _bell = new(rung);

    public override void Dispose()
    {
        _homeTasks.Dispose();
    }
}
