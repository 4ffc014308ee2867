using JobCloud.Protocol.Environments;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>The file tree that a job sees: which directory of the machine is where, and which parts
/// exist in the sandbox alone.</summary>
public static class SandboxView
{
    /// <summary>The parts of the tree; a nested one comes after the outer one.</summary>
    /// <param name="directory">The job's working directory, as seen inside.</param>
    /// <param name="own">The attempt's own directory.</param>
    /// <param name="home">JOBCLOUD_HOME, which no job sees.</param>
    public static IReadOnlyList<SandboxPart> Parts(
        Sandbox sandbox,
        string directory,
        string own,
        string home,
        IPathEntries files
    )
    {
        var root = sandbox.Root.Length > 0 ? sandbox.Root : "/";
        var parts = new List<SandboxPart> { new("/", root), new("/proc", null), new("/dev", null) };
        if (sandbox.Root.Length == 0)
            parts.Add(new("/sys", null));
        else if (IsDirectoryIn(root, "/tmp", files) && sandbox.ReadOnlyRoot)
            parts.Add(new("/tmp", null));
        if (sandbox.Root.Length > 0 && sandbox.VolumeAt(directory) is null && directory != own)
            parts.Add(new(directory, directory));
        foreach (var volume in sandbox.Volumes)
            parts.Add(new(volume.MountPath, volume.Directory));
        foreach (var part in parts.ToArray())
        {
            if (part.Outside is { } outside && HomeWithin(outside, home, files) is { } below)
                parts.Add(new(part.Inside.TrimEnd('/') + below, null));
        }
        // Else each job would leave empty directories in a writable root.
        if (sandbox.Root.Length > 0)
            parts.Add(new(home, null));
        // The checks before a start precede it.
        if (files.At(own).Kind == PathEntryKind.Directory)
            parts.Add(new(Inside(sandbox, own, home, files), own));
        return
        [
            .. parts
                .DistinctBy(part => part.Inside)
                .OrderBy(part => part.Inside, StringComparer.Ordinal),
        ];
    }

    /// <summary>Finds the file of the machine that a job sees at a path; null: none, or one that
    /// ends with the sandbox.</summary>
    /// <param name="parts">As returned by <see cref="Parts"/>.</param>
    /// <param name="path">An absolute path in the sandbox.</param>
    public static SandboxPlace? Find(
        IReadOnlyList<SandboxPart> parts,
        string path,
        IPathEntries files
    )
    {
        SandboxPlace? At(string inside) => PlaceOf(parts, inside);
        var found = RootedPath.Walk(
            path,
            inside =>
                At(inside) is not { } place ? default
                : place.Path.Length == 0 ? new(PathEntryKind.Directory)
                : files.At(place.Full)
        );
        return found is null ? null : At(found);
    }

    /// <summary>The path in a sandbox of a file in the home. Without a root of its own, it contains
    /// no links, because the mounts are made at the end of these.</summary>
    public static string Inside(Sandbox sandbox, string path, string home, IPathEntries files) =>
        sandbox.Root.Length == 0 && DefinitionCheck.IsWithin(path, home)
            ? Real(home, files) + path[home.Length..]
            : path;

    /// <summary>The path of the home below a directory; null: the home is elsewhere.</summary>
    public static string? HomeWithin(string directory, string home, IPathEntries files)
    {
        var (outer, inner) = (Real(directory, files), Real(home, files));
        return outer == "/" ? inner
            : DefinitionCheck.IsWithin(inner, outer) ? inner[outer.Length..]
            : null;
    }

    /// <summary>Whether a directory is the home or below it.</summary>
    public static bool IsInHome(string directory, string home, IPathEntries files) =>
        DefinitionCheck.IsWithin(Real(directory, files), Real(home, files));

    private static SandboxPlace? PlaceOf(IReadOnlyList<SandboxPart> parts, string inside)
    {
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var (at, outside) = parts[i];
            if (at != "/" && !DefinitionCheck.IsWithin(inside, at))
                continue;
            if (outside is null)
                return null;
            return new(outside, inside[at.Length..].TrimStart('/'));
        }
        return null;
    }

    private static string Real(string path, IPathEntries files) =>
        RootedPath.Resolve("/", path, files) is { } real
            ? real.TrimEnd('/') is { Length: > 0 } trimmed
                ? trimmed
                : "/"
            : path;

    private static bool IsDirectoryIn(string root, string path, IPathEntries files) =>
        files.At($"{root}{path}").Kind == PathEntryKind.Directory;
}
