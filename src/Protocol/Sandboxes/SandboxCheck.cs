using JobCloud.Protocol.Environments;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>Checks at submission and again at the start whether a sandbox can be created. Problems
/// are sentences without a full stop.</summary>
public static class SandboxCheck
{
    private const string Shell = "/bin/sh";

    /// <summary>The problem of its directories; null: none.</summary>
    public static string? OfFiles(
        EnvironmentDefinition? environment,
        IEnumerable<VolumeDefinition> volumes,
        IPathEntries files
    )
    {
        if (environment is { Root.Length: > 0 })
        {
            var (name, root) = (environment.Name, environment.Root);
            var what = $"root {root} of environment {name}";
            if (
                (
                    OfDirectory(what, root, files) ?? OfPlace(what, root, environment.Within, files)
                ) is
                { } problem
            )
                return problem;
            if (
                RootedPath.KindAt(root, Shell, files)
                is PathEntryKind.None
                    or PathEntryKind.Directory
            )
                return $"root {root} of environment {name} has no {Shell}, which starts jobs";
        }
        foreach (var volume in volumes)
        {
            var what = $"directory {volume.Directory} of volume {volume.Name}";
            var problem =
                OfDirectory(what, volume.Directory, files)
                ?? OfPlace(what, volume.Directory, volume.Within, files);
            if (problem is not null)
                return problem;
        }
        return null;
    }

    /// <summary>The reason why a machine cannot create it; null: it can.</summary>
    public static string? OfMachine(Sandbox sandbox, Isolation isolation) =>
        sandbox.HasMounts && isolation.NoSandbox.Length > 0
            ? $"root file systems and volumes are unavailable: {isolation.NoSandbox}"
        : sandbox.IsolatesNetwork && isolation.NoPrivateNetwork.Length > 0
            ? $"private networks are unavailable: {isolation.NoPrivateNetwork}"
        : null;

    /// <summary>The problem of directories in JOBCLOUD_HOME, which no sandbox shows; null:
    /// none.</summary>
    /// <param name="directory">The job's working directory, as seen inside.</param>
    /// <param name="own">The attempt's own directory.</param>
    public static string? OfHome(
        Sandbox sandbox,
        string directory,
        string own,
        string home,
        IPathEntries files
    )
    {
        const string Hidden = "is in JOBCLOUD_HOME, which no sandbox shows";
        if (sandbox.Root.Length > 0 && SandboxView.IsInHome(sandbox.Root, home, files))
            return $"root {sandbox.Root} {Hidden}";
        foreach (var volume in sandbox.Volumes)
        {
            if (SandboxView.IsInHome(volume.Directory, home, files))
                return $"directory {volume.Directory} of volume {volume.Name} {Hidden}";
        }
        return
            directory != own
            && sandbox.VolumeAt(directory) is null
            && SandboxView.IsInHome(directory, home, files)
            ? $"working directory {directory} {Hidden}"
            : null;
    }

    /// <summary>The problem of conflicting volumes; null: none.</summary>
    public static string? OfVolumes(IReadOnlyList<VolumeDefinition> volumes)
    {
        var byPath = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in volumes)
        {
            if (!byPath.TryAdd(volume.MountPath, volume.Name))
            {
                var other = byPath[volume.MountPath];
                return other == volume.Name
                    ? $"volume {volume.Name} is given twice"
                    : $"volumes {other} and {volume.Name} have the same mount path {volume.MountPath}";
            }
        }
        return null;
    }

    /// <summary>The problem of a directory that a user defined; null: it is where it may be, with
    /// all links followed.</summary>
    private static string? OfPlace(string what, string path, string within, IPathEntries files)
    {
        if (within.Length == 0)
            return null;
        var (place, around) = (
            RootedPath.Resolve("/", path, files),
            RootedPath.Resolve("/", within, files)
        );
        return place is not null && around is not null && DefinitionCheck.IsWithin(place, around)
            ? null
            : $"{what} leads out of {within}, where users may define it";
    }

    private static string? OfDirectory(string what, string path, IPathEntries files) =>
        files.IsDirectory(path) ? null
        : files.At(path).Kind == PathEntryKind.None ? $"{what} does not exist or is not accessible"
        : $"{what} is not an accessible directory";
}
