namespace JobCloud.Node.Executor.Cgroups;

/// <summary>Locates this process's cgroups (proc_pid_mountinfo(5), cgroups(7)).</summary>
internal sealed class CgroupView
{
    private const string Version1 = "cgroup",
        Version2 = "cgroup2";

    private readonly List<Mount> _mounts = [];

    /// <summary>Paths of this process's cgroups by controller; "" for version 2.</summary>
    private readonly Dictionary<string, string> _own = [];

    /// <param name="mountInfo">Content of /proc/self/mountinfo.</param>
    /// <param name="own">Content of /proc/self/cgroup.</param>
    public CgroupView(string mountInfo, string own)
    {
        foreach (var line in mountInfo.Split('\n'))
        {
            if (Mount.Parse(line) is { } mount)
                _mounts.Add(mount);
        }
        // 4:memory:/path, 1:cpu,cpuacct:/path, 0::/path
        foreach (var line in own.Split('\n'))
        {
            var parts = line.Split(':', 3);
            foreach (var controller in parts.Length == 3 ? parts[1].Split(',') : [])
                _own[controller] = parts[2];
        }
    }

    /// <summary>The mount points of all hierarchies.</summary>
    public IEnumerable<string> Points => _mounts.Select(mount => mount.Point);

    /// <summary>The root of the version 2 hierarchy; null: not mounted.</summary>
    public string? V2Root => _mounts.Find(m => m is { Kind: Version2, Root: "/" })?.Point;

    /// <summary>This process's version 2 cgroup; null: not visible.</summary>
    public string? V2Own => Own("", m => m.Kind == Version2);

    /// <summary>This process's cgroup of a version 1 controller; null: not visible.</summary>
    public string? V1Own(string controller) =>
        Own(controller, m => m.Kind == Version1 && m.Options.Contains(controller));

    private string? Own(string controller, Predicate<Mount> matches)
    {
        // A path that begins with /.. lies outside this process's cgroup namespace.
        if (
            !_own.TryGetValue(controller, out var path)
            || path.StartsWith("/..", StringComparison.Ordinal)
        )
            return null;
        foreach (var mount in _mounts.Where(m => matches(m)))
        {
            if (mount.Root == "/")
                return $"{mount.Point}{path}".TrimEnd('/');
            if (path == mount.Root || path.StartsWith(mount.Root + "/", StringComparison.Ordinal))
                return $"{mount.Point}{path[mount.Root.Length..]}";
        }
        return null;
    }

    private sealed record Mount(string Kind, string Root, string Point, string[] Options)
    {
        /// <summary>Parses <c>ID PARENT DEVICE ROOT POINT OPTIONS [TAGS…] - KIND SOURCE
        /// OPTIONS</c>; null: not a cgroup mount.</summary>
        public static Mount? Parse(string line)
        {
            var halves = line.Split(" - ", 2);
            if (halves.Length < 2)
                return null;
            var (place, kind) = (halves[0].Split(' '), halves[1].Split(' '));
            return place.Length >= 5 && kind.Length >= 3 && kind[0] is Version1 or Version2
                ? new(kind[0], place[3], place[4].Replace("\\040", " "), kind[2].Split(','))
                : null;
        }
    }
}
