using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The tree for version 2: one hierarchy, in which a cgroup that delegates controllers has
/// no processes of its own ("no internal processes").</summary>
internal sealed class V2Tree : CgroupTree
{
    /// <summary>The child cgroup that the executor moves to when it must not stay in the parent of
    /// the jobs' cgroups.</summary>
    public const string ExecutorLeaf = "executor";

    private readonly string _parent;

    private V2Tree(string parent, bool limitsProcesses) =>
        (_parent, Description) = (
            parent,
            "cgroup v2: memory, cores" + (limitsProcesses ? ", processes" : "")
        );

    public override string Description { get; }
    public override IReadOnlyList<string> Parents => [_parent];

    /// <summary>Creates the parent of the jobs' cgroups below this cgroup; null: failed, with the
    /// reason in <paramref name="reason"/>.</summary>
    /// <param name="folder">This process's cgroup, or the root of the hierarchy.</param>
    /// <param name="controllers">The controllers that the jobs' cgroups need.</param>
    public static V2Tree? TryCreate(
        string folder,
        string name,
        string[] controllers,
        out string reason
    )
    {
        // This executor may have been started from the leaf of an earlier one.
        var leaf = $"/{name}/{ExecutorLeaf}";
        if (folder.EndsWith(leaf, StringComparison.Ordinal))
            folder = folder[..^leaf.Length];
        reason = "";
        var offered = Controllers(folder, "cgroup.controllers");
        var missing = controllers.Where(c => !offered.Contains(c)).ToArray();
        if (missing.Length > 0)
            reason = $"{folder} has no controller {string.Join(" and ", missing)}";
        else if (CgroupFolder.Make($"{folder}/{name}") is var error and not 0)
            reason = CgroupFolder.CreationError($"{folder}/{name}", error);
        else if (
            !Delegate(folder, controllers)
            && !(MoveToLeaf(folder, name) && Delegate(folder, controllers))
        )
            reason =
                $"other processes are in {folder}: start the node in its own cgroup "
                + "(systemd-run --user --scope -p Delegate=yes)";
        else if (!Delegate($"{folder}/{name}", controllers))
            reason = $"{folder}/{name} cannot delegate controllers";
        if (reason.Length > 0)
            return null;
        _ = ControlFile.Write($"{folder}/{name}/cpu.weight", $"{CpuWeight.WeightOfAll}");
        string[] pids = ["pids"];
        var limitsProcesses =
            offered.Contains(pids[0])
            && Delegate(folder, pids)
            && Delegate($"{folder}/{name}", pids);
        return new($"{folder}/{name}", limitsProcesses);
    }

    public override JobCgroup? Make(string name, CgroupLimits limits, out int error)
    {
        var cgroup = new V2Cgroup($"{_parent}/{name}", limits);
        error = cgroup.Make();
        return error == 0 ? cgroup : null;
    }

    public override void Leave() { }

    /// <summary>The kernel itself kills all processes of the job (memory.oom.group).</summary>
    public override void WatchMemory(Action rung) { }

    private static bool Delegate(string folder, string[] controllers)
    {
        var delegated = Controllers(folder, "cgroup.subtree_control");
        var missing = controllers.Where(c => !delegated.Contains(c)).Select(c => $"+{c}").ToArray();
        return missing.Length == 0
            || ControlFile.Write($"{folder}/cgroup.subtree_control", string.Join(' ', missing))
                == 0;
    }

    /// <summary>Moves this process, and the processes that started it, to a leaf.</summary>
    private static bool MoveToLeaf(string folder, string name)
    {
        var leaf = $"{folder}/{name}/{ExecutorLeaf}";
        if (CgroupFolder.Make(leaf) != 0)
            return false;
        var own = new HashSet<int>();
        for (var pid = Libc.getpid(); pid > 0 && own.Add(pid); )
            pid = ProcessStat.Read(pid)?.Parent ?? 0;
        var here = KeyedText.Numbers(ControlFile.ReadAll($"{folder}/cgroup.procs"));
        // A guard that this process started is here as well.
        var self = Libc.getpid();
        return here.All(pid => own.Contains(pid) || ProcessStat.Read(pid)?.Parent == self)
            && here.All(pid => ControlFile.Write($"{leaf}/cgroup.procs", $"{pid}") == 0);
    }

    private static string[] Controllers(string folder, string file) =>
        Encoding
            .ASCII.GetString(ControlFile.ReadAll($"{folder}/{file}") ?? [])
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
