namespace JobCloud.Protocol.Sandboxes;

/// <summary>Resolves paths within a root directory, as after chroot(2): links never lead out of
/// it.</summary>
public static class RootedPath
{
    /// <summary>The limit of the kernel (path_resolution(7)).</summary>
    private const int LinksMax = 40;

    /// <summary>The path on the machine of a path within a root, with links resolved; null: the
    /// links form a loop.</summary>
    /// <param name="path">An absolute path within the root. It need not exist.</param>
    public static string? Resolve(string root, string path, IPathEntries files) =>
        Walk(path, inside => files.At(root.TrimEnd('/') + inside)) is { } inside
            ? root.TrimEnd('/') + inside
            : null;

    /// <summary>The path with its links resolved; null: the links form a loop.</summary>
    /// <param name="path">An absolute path. It need not exist.</param>
    /// <param name="at">Returns the file at an absolute path that contains no links.</param>
    public static string? Walk(string path, Func<string, PathEntry> at)
    {
        var found = new List<string>();
        var ahead = new Stack<string>();
        Push(ahead, path);
        var links = 0;
        while (ahead.TryPop(out var name))
        {
            if (name == ".")
                continue;
            if (name == "..")
            {
                if (found.Count > 0)
                    found.RemoveAt(found.Count - 1);
                continue;
            }
            found.Add(name);
            if (at(Join(found)) is not { Kind: PathEntryKind.Link, Target: var target })
                continue;
            if (++links > LinksMax)
                return null;
            if (target.StartsWith('/'))
                found.Clear();
            else
                found.RemoveAt(found.Count - 1);
            Push(ahead, target);
        }
        return Join(found);
    }

    /// <summary>The kind of file at a path within a root, after following links.</summary>
    public static PathEntryKind KindAt(string root, string path, IPathEntries files) =>
        Resolve(root, path, files) is { } place ? files.At(place).Kind : PathEntryKind.None;

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            ahead.Push(name);
    }

    private static string Join(IReadOnlyList<string> names) => $"/{string.Join('/', names)}";
}
