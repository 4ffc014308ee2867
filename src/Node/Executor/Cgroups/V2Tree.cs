using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Version 2: one hierarchy, in which a cgroup that hands controllers on has no processes
/// of its own ("no internal processes").</summary>
internal sealed class V2Tree : CgroupTree
{
    /// <summary>Where the executor goes when it must not stay in the cgroup above the
    /// jobs'.</summary>
    public const string ExecutorLeaf = "executor";

    private readonly string _parent;

    private V2Tree(string parent) => _parent = parent;

    public override string Words => "cgroup v2: memory, cores";
    public override IReadOnlyList<string> Parents => [_parent];

    /// <summary>Makes the parent below this cgroup; null: it cannot be had, and
    /// <paramref name="why"/> tells.</summary>
    /// <param name="folder">The cgroup of this process, or the root of the hierarchy.</param>
    /// <param name="controllers">That the jobs' cgroups are to have.</param>
    public static V2Tree? TryCreate(
        string folder,
        string name,
        string[] controllers,
        out string why
    )
    {
        // An executor that was started from within the leaf of an earlier one.
        var leaf = $"/{name}/{ExecutorLeaf}";
        if (folder.EndsWith(leaf, StringComparison.Ordinal))
            folder = folder[..^leaf.Length];
        why = "";
        var offered = Controllers(folder, "cgroup.controllers");
        var missing = controllers.Where(c => !offered.Contains(c)).ToArray();
        if (missing.Length > 0)
            why = $"{folder} has no controller {string.Join(" and ", missing)}";
        else if (CgroupFolder.Make($"{folder}/{name}") is var error and not 0)
            why = CgroupFolder.WhyNotMade($"{folder}/{name}", error);
        else if (
            !HandOn(folder, controllers)
            && !(StepAside(folder, name) && HandOn(folder, controllers))
        )
            why =
                $"other processes are in {folder}: start the node in a cgroup of its own "
                + "(systemd-run --user --scope -p Delegate=yes)";
        else if (!HandOn($"{folder}/{name}", controllers))
            why = $"{folder}/{name} cannot hand controllers on";
        if (why.Length > 0)
            return null;
        _ = ControlFile.Write($"{folder}/{name}/cpu.weight", $"{CpuWeight.WeightOfAll}");
        return new($"{folder}/{name}");
    }

    public override JobCgroup? Make(string name, CgroupLimits limits, out int error)
    {
        var cgroup = new V2Cgroup($"{_parent}/{name}", limits);
        error = cgroup.Make();
        return error == 0 ? cgroup : null;
    }

    public override void Leave() { }

    /// <summary>The kernel itself ends all of a job (memory.oom.group).</summary>
    public override void WatchMemory(Action rung) { }

    private static bool HandOn(string folder, string[] controllers)
    {
        var handedOn = Controllers(folder, "cgroup.subtree_control");
        var missing = controllers.Where(c => !handedOn.Contains(c)).Select(c => $"+{c}").ToArray();
        return missing.Length == 0
            || ControlFile.Write($"{folder}/cgroup.subtree_control", string.Join(' ', missing))
                == 0;
    }

    /// <summary>Moves this process, and what started it there, to a leaf.</summary>
    private static bool StepAside(string folder, string name)
    {
        var leaf = $"{folder}/{name}/{ExecutorLeaf}";
        if (CgroupFolder.Make(leaf) != 0)
            return false;
        var own = new HashSet<int>();
        for (var pid = Libc.getpid(); pid > 0 && own.Add(pid); )
            pid = ProcessStat.Read(pid)?.Parent ?? 0;
        var here = KeyedText.Numbers(ControlFile.ReadAll($"{folder}/cgroup.procs"));
        return here.All(own.Contains)
            && here.All(pid => ControlFile.Write($"{leaf}/cgroup.procs", $"{pid}") == 0);
    }

    private static string[] Controllers(string folder, string file) =>
        Encoding
            .ASCII.GetString(ControlFile.ReadAll($"{folder}/{file}") ?? [])
            .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
