using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol;
using JobCloud.Protocol.Environments;

namespace JobCloud.Node.Daemon.Environments;

/// <summary>The environments and volumes in the settings, and the limits for those that users
/// create.</summary>
internal sealed record DefinitionSettings(DefinitionLimits Limits, IReadOnlyList<Definition> Fixed)
{
    private const string Environments = "jobcloud.environments";
    private const string Volumes = "jobcloud.volumes";

    private const string Allowed = "allowed";

    private const string AboutEnvironments = """
        Environments for `-e NAME`, in addition to those of `jobcloud env create`.
        Every key is optional.

        environments.tex {
          variables { TEXMFHOME = /srv/texmf }   # a job's -E overrides these
          path = [/opt/texlive/bin]              # prepended to PATH
          setup = "ulimit -c 0"                  # runs before the command in the same shell;
                                                 # if it fails, the job ends
          root = /srv/roots/debian               # directory that the job sees as /;
                                                 # must contain /bin/sh; requires bubblewrap
          read-only = on                         # the job cannot write to the root
        }
        """;

    private const string AboutVolumes = """
        Volumes for `-v NAME`, in addition to those of `jobcloud volume create`.
        They are directories mounted in jobs, and require bubblewrap.

        volumes.data { directory = /srv/data, mount-path = /data, read-only = on }
        """;

    internal static DefinitionSettings Read(SettingsReader read)
    {
        var preset = new DefinitionLimits();
        var limits = preset with
        {
            TotalBytes = read.Size(
                "jobcloud.definitions.max-total-size",
                SettingText.OfSize(preset.TotalBytes),
                "Maximum bytes of all environments, or all volumes, that users created: a list of them must fit "
                    + "a frame of 1 MiB between nodes.",
                least: 1 << 10,
                most: 768 << 10
            ),
            Allowed = read.List(
                $"{Volumes}.{Allowed}",
                [],
                "Directories beneath which users may create volumes and environments with a root. "
                    + "Elsewhere only admins may. Links in them that lead out are refused."
            ),
        };
        foreach (var directory in limits.Allowed)
        {
            if (DefinitionCheck.OfPath("directory", directory) is { } problem)
                read.AddError($"{Volumes}.{Allowed}", problem);
        }
        read.Section(Environments, AboutEnvironments).Section(Volumes, AboutVolumes);
        var all = new List<Definition>();
        foreach (var name in read.Names(Environments))
            Add($"{Environments}.{name}", new() { Environment = Environment(read, name) });
        foreach (var name in read.Names(Volumes).Where(name => name != Allowed))
            Add($"{Volumes}.{name}", new() { Volume = Volume(read, name) });
        return new(limits, all);

        void Add(string section, Definition definition)
        {
            definition.Fixed = true;
            all.Add(definition);
            foreach (var problem in DefinitionCheck.Problems(definition, limits))
                read.AddError(section, problem);
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
