namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The directories of one cgroup in the version 1 hierarchies. Controllers mounted
/// together share a directory.</summary>
/// <param name="Pids">Empty: the number of processes cannot be limited.</param>
internal readonly record struct V1Folders(string Memory, string Cpu, string Cpuacct, string Pids)
{
    public IEnumerable<string> Distinct =>
        new[] { Memory, Cpu, Cpuacct, Pids }.Where(folder => folder.Length > 0).Distinct();

    /// <summary>The directories other than memory's.</summary>
    public IEnumerable<string> Others
    {
        get
        {
            var memory = Memory;
            return Distinct.Where(folder => folder != memory);
        }
    }

    public V1Folders Below(string name) =>
        new(
            $"{Memory}/{name}",
            $"{Cpu}/{name}",
            $"{Cpuacct}/{name}",
            Pids.Length > 0 ? $"{Pids}/{name}" : ""
        );
}
