using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>The unique ID of a home, created once by its first node.</summary>
internal static class HomeId
{
    private const int Length = 32;

    /// <summary>A file that holds no ID is set aside.</summary>
    /// <exception cref="CannotStartException">The ID cannot be written.</exception>
    public static string ReadOrCreate(HomePaths paths)
    {
        if (Read(paths.Identity) is { } known)
            return known;
        var created = Read(paths.OldIdentity) ?? Guid.NewGuid().ToString("N");
        try
        {
            if (Path.Exists(paths.Identity) || new FileInfo(paths.Identity).LinkTarget is not null)
                Aside.Move(paths.Identity);
            File.WriteAllText(paths.Identity, created);
            return created;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{paths.Identity} cannot be written: {e.Message}");
        }
    }

    private static string? Read(string path)
    {
        try
        {
            // A pipe has no length; reading it would wait for a writer.
            if (new FileInfo(path) is not { Exists: true, Length: Length })
                return null;
            var text = File.ReadAllText(path);
            return text.All(char.IsAsciiHexDigitLower) ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
