using JobCloud.Protocol.Environments;

namespace JobCloud.Protocol.Sandboxes;

/// <summary>
/// Builds the command line of bubblewrap (bwrap(1)). It does not use <c>--die-with-parent</c>,
/// because jobs outlive a crash of the node and the sweep finds leftovers by their mark, nor
/// <c>--new-session</c>, because the first process identifies the job's session.
/// </summary>
public static class Bubblewrap
{
    /// <summary>The file descriptor for the pid of the job's process.</summary>
    public const int InfoFd = 4;

    /// <summary>Options that test whether sandboxes work, with or without a private
    /// network.</summary>
    public static IReadOnlyList<string> Probe(bool isolatesNetwork) =>
        ["--dev-bind", "/", "/", .. isolatesNetwork ? UnshareNet : [], "/bin/true"];

    private static readonly string[] UnshareNet = ["--unshare-net"];

    /// <summary>The options before the program to run in the sandbox.</summary>
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
        if (sandbox.IsolatesNetwork)
            words.AddRange(UnshareNet);
        return [.. words, "--chdir", directory, "--info-fd", $"{InfoFd}", "--"];
    }

    private sealed record Mount(string Path, string[] Words);

    /// <summary>The mounts on the root; a nested one comes after the outer one.</summary>
    private static List<Mount> Mounts(
        Sandbox sandbox,
        string directory,
        SandboxFiles own,
        IFileTree files
    )
    {
        var mounts = new List<Mount>();
        if (sandbox.Root.Length > 0)
        {
            mounts.Add(new("/proc", ["--proc", "/proc"]));
            mounts.Add(new("/dev", ["--dev", "/dev"]));
            if (
                sandbox.ReadOnlyRoot
                && files.At($"{sandbox.Root}/tmp").Kind == PathEntryKind.Directory
            )
                mounts.Add(new("/tmp", ["--tmpfs", "/tmp"]));
            if (sandbox.VolumeAt(directory) is null)
                mounts.Add(new(directory, ["--bind", directory, directory]));
            foreach (var file in own.Files)
                mounts.Add(
                    new(
                        file.Inside,
                        [file.ReadOnly ? "--ro-bind" : "--bind", file.Outside, file.Inside]
                    )
                );
            // Else each job would leave empty directories in a writable root.
            if (mounts.Exists(mount => DefinitionCheck.IsWithin(mount.Path, own.Home)))
                mounts.Add(new(own.Home, ["--tmpfs", own.Home]));
        }
        foreach (var volume in sandbox.Volumes)
        {
            var bind = volume.ReadOnly ? "--ro-bind" : "--bind";
            mounts.Add(new(volume.MountPath, [bind, volume.Directory, volume.MountPath]));
        }
        return [.. mounts.OrderBy(mount => mount.Path, StringComparer.Ordinal)];
    }

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

    private static string Bind(Sandbox sandbox) =>
        sandbox.ReadOnlyRoot ? "--ro-bind"
        : sandbox.Root.Length > 0 ? "--bind"
        : "--dev-bind";

    private static string Join(string directory, string path) =>
        directory is "" or "/" ? path : directory + path.TrimEnd('/');

    private static string Above(string path) =>
        path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";
}
