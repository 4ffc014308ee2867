using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Detects the cgroup support of the machine: version 2, version 1, or none.</summary>
internal static class CgroupDetection
{
    private static readonly string[] Wanted = ["memory", "cpu"];

    /// <summary>The first version that works; null: none does, as explained in
    /// <paramref name="reason"/>.</summary>
    /// <param name="name">Name of the cgroup that contains all cgroups of this home.</param>
    public static CgroupTree? Find(string name, out string reason)
    {
        var view = new CgroupView(
            File.ReadAllText("/proc/self/mountinfo"),
            File.ReadAllText("/proc/self/cgroup")
        );
        return FindV2(view, name, out reason) is { } v2 ? v2 : FindV1(view, name, ref reason);
    }

    private static V2Tree? FindV2(CgroupView view, string name, out string reason)
    {
        reason = "no cgroups are mounted";
        if (view.V2Own is not { } own)
            return null;
        if (V2Tree.TryCreate(own, name, Wanted, out reason) is { } tree)
            return tree;
        // The root cgroup needs no parent to delegate its controllers, and may contain processes.
        return Libc.geteuid() == 0 && view.V2Root is { } root && root != own
            ? V2Tree.TryCreate(root, name, Wanted, out _)
            : null;
    }

    private static V1Tree? FindV1(CgroupView view, string name, ref string reason) =>
        view.V1Own("memory") is { } memory
        && view.V1Own("cpu") is { } cpu
        && view.V1Own("cpuacct") is { } cpuacct
            ? V1Tree.TryCreate(
                new(memory, cpu, cpuacct, view.V1Own("pids") ?? ""),
                name,
                out reason
            )
            : null;
}
