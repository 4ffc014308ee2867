namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Directories in the hierarchies of version 1 that belong together; where controllers are
/// mounted together, they are one.</summary>
internal readonly record struct V1Folders(string Memory, string Cpu, string Cpuacct)
{
    public IEnumerable<string> Distinct => new[] { Memory, Cpu, Cpuacct }.Distinct();

    public V1Folders Below(string name) =>
        new($"{Memory}/{name}", $"{Cpu}/{name}", $"{Cpuacct}/{name}");
}
