namespace JobCloud.Protocol.Sandboxes;

/// <summary>Paths as those see them whose / is a directory of the machine: links lead on within it,
/// as after chroot(2), and never out of it.</summary>
public static class RootedPath
{
    /// <summary>As the kernel has it (path_resolution(7)).</summary>
    private const int LinksMax = 40;

    /// <summary>Where on the machine lies what is found at a path within a root, with no link on
    /// the way from there; null: its links go round.</summary>
    /// <param name="path">Absolute, as seen within. What lies there may be nothing.</param>
    public static string? Resolve(string root, string path, IPlaces files)
    {
        var found = new List<string>();
        var ahead = new Stack<string>();
        GoOn(ahead, path);
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
            if (files.At(Join(root, found)) is not { Kind: PlaceKind.Link, Target: var target })
                continue;
            if (++links > LinksMax)
                return null;
            if (target.StartsWith('/'))
                found.Clear();
            else
                found.RemoveAt(found.Count - 1);
            GoOn(ahead, target);
        }
        return Join(root, found);
    }

    /// <summary>What lies at a path within a root, whatever links lead there.</summary>
    public static PlaceKind KindAt(string root, string path, IPlaces files) =>
        Resolve(root, path, files) is { } place ? files.At(place).Kind : PlaceKind.Nothing;

    private static void GoOn(Stack<string> ahead, string path)
    {
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            ahead.Push(name);
    }

    private static string Join(string root, IReadOnlyList<string> names) =>
        $"{root.TrimEnd('/')}/{string.Join('/', names)}";
}
