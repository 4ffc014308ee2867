namespace JobCloud.Node.Executor.Cgroups;

/// <summary>The directories of one cgroup in the version 1 hierarchies. Controllers mounted
/// together share a directory.</summary>
internal readonly record struct V1Folders(string Memory, string Cpu, string Cpuacct)
{
    public IEnumerable<string> Distinct => new[] { Memory, Cpu, Cpuacct }.Distinct();

    /// <summary>The directories other than memory's.</summary>
    public IEnumerable<string> OfCpu
    {
        get
        {
            var memory = Memory;
            return Distinct.Where(folder => folder != memory);
        }
    }

    public V1Folders Below(string name) =>
        new($"{Memory}/{name}", $"{Cpu}/{name}", $"{Cpuacct}/{name}");
}
