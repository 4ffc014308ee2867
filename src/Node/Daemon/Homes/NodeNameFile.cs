using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>The file of the names that the node of a home has had.</summary>
internal static class NodeNameFile
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Null: the home is new, or the file is unreadable.</summary>
    public static NodeNames? Read(HomePaths paths)
    {
        try
        {
            // A pipe has no length; reading it would wait for a writer.
            return new FileInfo(paths.NodeNames) is { Exists: true, Length: > 0 and <= BytesMax }
                ? NodeNames.Parse(File.ReadAllText(paths.NodeNames))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps the names of the node for its next starts.</summary>
    /// <exception cref="CannotStartException">The file cannot be written.</exception>
    public static void Keep(HomePaths paths, NodeNames names)
    {
        var kept = Read(paths);
        if (names.Equals(kept))
            return;
        try
        {
            if (kept is null && IsTaken(paths.NodeNames))
                Aside.Move(paths.NodeNames);
            var fresh = paths.NodeNames + RunFile.NewSuffix;
            File.WriteAllText(fresh, names.ToString());
            File.Move(fresh, paths.NodeNames, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{paths.NodeNames} cannot be written: {e.Message}");
        }
    }

    private static bool IsTaken(string path) =>
        Path.Exists(path) || new FileInfo(path).LinkTarget is not null;
}
