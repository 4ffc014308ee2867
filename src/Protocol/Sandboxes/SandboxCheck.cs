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
            if (OfDirectory($"root {root} of environment {name}", root, files) is { } problem)
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
            if (OfDirectory(what, volume.Directory, files) is { } problem)
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

    private static string? OfDirectory(string what, string path, IPathEntries files) =>
        files.IsDirectory(path) ? null
        : files.At(path).Kind == PathEntryKind.None ? $"{what} does not exist or is not accessible"
        : $"{what} is not an accessible directory";
}
