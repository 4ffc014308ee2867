using JobCloud.Protocol;
using JobCloud.Protocol.Environments;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The environments and volumes of the settings, and what created ones may be.</summary>
public sealed record DefinitionSettings(DefinitionLimits Limits, IReadOnlyList<Definition> Fixed)
{
    private const string Environments = "jobcloud.environments";
    private const string Volumes = "jobcloud.volumes";

    internal static DefinitionSettings Read(SettingsReader read)
    {
        var limits = new DefinitionLimits
        {
            TotalBytes = read.Size("jobcloud.definitions.max-total-size", 1 << 10, 768 << 10),
            NameLength = read.Count("jobcloud.definitions.max-name-length"),
            Bytes = read.Size("jobcloud.definitions.max-size", 1 << 10, 64 << 10),
        };
        var all = new List<Definition>();
        foreach (var name in read.Names(Environments))
            Add($"{Environments}.{name}", new() { Environment = Environment(read, name) });
        foreach (var name in read.Names(Volumes))
            Add($"{Volumes}.{name}", new() { Volume = Volume(read, name) });
        return new(limits, all);

        void Add(string section, Definition definition)
        {
            definition.Fixed = true;
            all.Add(definition);
            foreach (var problem in DefinitionCheck.Problems(definition, limits))
                read.Complain(section, problem);
        }
    }

    private static EnvironmentDefinition Environment(SettingsReader read, string name)
    {
        var section = $"{Environments}.{name}";
        var environment = new EnvironmentDefinition
        {
            Name = name,
            Setup = read.Text($"{section}.setup"),
            Root = read.Text($"{section}.root"),
            ReadOnly = read.IsOn($"{section}.read-only"),
            Path = { read.List($"{section}.path") },
        };
        foreach (var variable in read.Names($"{section}.variables"))
            environment.Variables.Add(
                new Variable
                {
                    Name = variable,
                    Value = read.Text($"{section}.variables.{variable}"),
                }
            );
        return environment;
    }

    private static VolumeDefinition Volume(SettingsReader read, string name)
    {
        var section = $"{Volumes}.{name}";
        return new VolumeDefinition
        {
            Name = name,
            Directory = read.Text($"{section}.directory"),
            MountPath = read.Text($"{section}.mount-path"),
            ReadOnly = read.IsOn($"{section}.read-only"),
        };
    }
}
