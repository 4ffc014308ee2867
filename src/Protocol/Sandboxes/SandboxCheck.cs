namespace JobCloud.Protocol.Sandboxes;

/// <summary>Why a sandbox cannot be made, in a sentence without its stop: at submission, and again
/// at the start.</summary>
public static class SandboxCheck
{
    private const string Shell = "/bin/sh";

    /// <summary>What is wrong with its directories; null: nothing.</summary>
    public static string? OfFiles(
        EnvironmentDefinition? environment,
        IEnumerable<VolumeDefinition> volumes,
        IPlaces files
    )
    {
        if (environment is { Root.Length: > 0 })
        {
            var (name, root) = (environment.Name, environment.Root);
            if (OfDirectory($"root {root} of environment {name}", root, files) is { } trouble)
                return trouble;
            if (RootedPath.KindAt(root, Shell, files) is PlaceKind.Nothing or PlaceKind.Directory)
                return $"root {root} of environment {name} holds no {Shell}, by which jobs are started";
        }
        foreach (var volume in volumes)
        {
            var what = $"directory {volume.Directory} of volume {volume.Name}";
            if (OfDirectory(what, volume.Directory, files) is { } trouble)
                return trouble;
        }
        return null;
    }

    /// <summary>Why a machine cannot make it; null: it can.</summary>
    public static string? OfMachine(Sandbox sandbox, Isolation isolation) =>
        sandbox.HasMounts && isolation.NoSandbox.Length > 0
            ? $"a root file system or volume cannot be had: {isolation.NoSandbox}"
        : sandbox.IsolatesNetwork && isolation.NoPrivateNetwork.Length > 0
            ? $"a network of its own cannot be had: {isolation.NoPrivateNetwork}"
        : null;

    /// <summary>Two volumes cannot lie at one place.</summary>
    public static string? OfVolumes(IReadOnlyList<VolumeDefinition> volumes)
    {
        var byPath = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in volumes)
        {
            if (!byPath.TryAdd(volume.MountPath, volume.Name))
            {
                var other = byPath[volume.MountPath];
                return other == volume.Name
                    ? $"volume {volume.Name} is named twice"
                    : $"volumes {other} and {volume.Name} have the same mount path {volume.MountPath}";
            }
        }
        return null;
    }

    private static string? OfDirectory(string what, string path, IPlaces files) =>
        files.IsDirectory(path) ? null
        : files.At(path).Kind == PlaceKind.Nothing ? $"{what} does not exist or may not be seen"
        : $"{what} is not a directory that may be entered";
}
