namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Directories in the hierarchies of version 1 that belong together; where controllers are
/// mounted together, they are one.</summary>
internal readonly record struct V1Folders(string Memory, string Cpu, string Cpuacct)
{
    public IEnumerable<string> Distinct => new[] { Memory, Cpu, Cpuacct }.Distinct();

    /// <summary>Those that are not memory's.</summary>
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
