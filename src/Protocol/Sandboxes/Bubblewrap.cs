using JobCloud.Protocol.Environments;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>
/// Builds the command lines of bubblewrap (bwrap(1)). They do not use <c>--die-with-parent</c>,
/// because jobs outlive a crash of the node and the sweep finds leftovers by their mark, nor
/// <c>--new-session</c>, because the first process identifies the job's session.
/// </summary>
public static class Bubblewrap
{
    /// <summary>Options that test whether sandboxes work, with or without a private
    /// network.</summary>
    /// <param name="hasFilter">Whether stdin is a filter of system calls.</param>
    public static IReadOnlyList<string> Probe(bool isolatesNetwork, bool hasFilter) =>
        [
            .. hasFilter ? (string[])["--seccomp", "0"] : [],
            .. (string[])["--bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--unshare-pid"],
            .. Namespaces(isolatesNetwork),
            "/bin/true",
        ];

    /// <summary>The options that make the file tree and the namespaces of a sandbox, without those
    /// of its processes and users.</summary>
    /// <param name="directory">The job's working directory, as seen inside.</param>
    public static IReadOnlyList<string> Options(
        Sandbox sandbox,
        string directory,
        SandboxFiles own,
        IFileTree files
    )
    {
        var mounts = Mounts(sandbox, directory, own, files);
        var opened = OpenedDirectories(sandbox, mounts, files);
        var words = new List<string>();
        if (!opened.Contains("/"))
            words.AddRange([Bind(sandbox), sandbox.Root.Length > 0 ? sandbox.Root : "/", "/"]);
        foreach (var path in opened)
            words.AddRange(Open(sandbox, path, files));
        foreach (var mount in mounts)
            words.AddRange(mount.Words);
        foreach (var path in opened)
            words.AddRange(["--remount-ro", path]);
        return [.. words, .. Namespaces(sandbox.IsolatesNetwork), "--chdir", directory];
    }

    /// <summary>The options of the sandbox of the process that keeps the pid namespace: as the
    /// job's, but without devices, which would need a further user namespace.</summary>
    public static IReadOnlyList<string> AnchorOptions(IReadOnlyList<string> options) =>
        [.. options.Select(word => word == "--dev" ? "--tmpfs" : word)];

    /// <summary>Without capabilities, root cannot mount, trace or load anything.</summary>
    private static string[] Namespaces(bool isolatesNetwork) =>
        [
            "--unshare-ipc",
            "--unshare-uts",
            .. isolatesNetwork ? (string[])["--unshare-net"] : [],
            "--cap-drop",
            "ALL",
        ];

    private sealed record Mount(string Path, string[] Words);

    /// <summary>The mounts on the root; a nested one comes after the outer one.</summary>
    private static List<Mount> Mounts(
        Sandbox sandbox,
        string directory,
        SandboxFiles own,
        IFileTree files
    )
    {
        var mounts = new List<Mount>
        {
            // Even without capabilities, root may write to the kernel's settings and devices.
            new("/proc/sys", ["--ro-bind", "/proc/sys", "/proc/sys"]),
        };
        foreach (var file in own.Files)
        {
            var inside = SandboxView.Inside(sandbox, file.Inside, own.Home, files);
            var bind = file.ReadOnly ? "--ro-bind" : "--bind";
            mounts.Add(new(inside, [bind, file.Outside, inside]));
        }
        var parts = SandboxView.Parts(sandbox, directory, own.Directory, own.Home, files);
        foreach (var (inside, outside) in parts.Skip(1))
            mounts.Add(new(inside, Words(sandbox, inside, outside)));
        return [.. mounts.OrderBy(mount => mount.Path, StringComparer.Ordinal)];
    }

    private static string[] Words(Sandbox sandbox, string inside, string? outside) =>
        (inside, outside) switch
        {
            ("/proc", _) => ["--proc", inside],
            ("/dev", _) => ["--dev", inside],
            ("/sys", _) => ["--ro-bind", inside, inside],
            (_, null) => ["--tmpfs", inside],
            _ => [IsReadOnly(sandbox, inside) ? "--ro-bind" : "--bind", outside, inside],
        };

    private static bool IsReadOnly(Sandbox sandbox, string inside) =>
        sandbox.Volumes.Any(volume => volume.MountPath == inside && volume.ReadOnly);

    /// <summary>Directories of the root where a mount point is missing and cannot be
    /// created.</summary>
    private static SortedSet<string> OpenedDirectories(
        Sandbox sandbox,
        List<Mount> mounts,
        IFileTree files
    )
    {
        var opened = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < mounts.Count; i++)
        {
            var path = mounts[i].Path;
            if (mounts.Take(i).Any(earlier => DefinitionCheck.IsWithin(path, earlier.Path)))
                continue;
            var present = path;
            while (present != "/" && files.At(sandbox.Root + present).Kind == PathEntryKind.None)
                present = Above(present);
            if (present != path && !CanCreateIn(sandbox, present, files))
                opened.Add(present);
        }
        return opened;
    }

    private static bool CanCreateIn(Sandbox sandbox, string path, IFileTree files) =>
        !sandbox.ReadOnlyRoot && files.At(Join(sandbox.Root, path)).MayWrite;

    /// <summary>Replaces a directory with an empty one in memory and binds all its entries into
    /// it.</summary>
    private static IEnumerable<string> Open(Sandbox sandbox, string path, IFileTree files)
    {
        if (path != "/")
            foreach (var word in (string[])["--tmpfs", path])
                yield return word;
        var outside = Join(sandbox.Root, path);
        foreach (var name in files.Names(outside))
        {
            var (source, target) = (Join(outside, $"/{name}"), Join(path, $"/{name}"));
            var place = files.At(source);
            string[] words = place.Kind switch
            {
                PathEntryKind.None => [],
                PathEntryKind.Link => ["--symlink", place.Target, target],
                _ => [Bind(sandbox), source, target],
            };
            foreach (var word in words)
                yield return word;
        }
    }

    private static string Bind(Sandbox sandbox) => sandbox.ReadOnlyRoot ? "--ro-bind" : "--bind";

    private static string Join(string directory, string path) =>
        directory is "" or "/" ? path : directory + path.TrimEnd('/');

    private static string Above(string path) =>
        path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";
}
