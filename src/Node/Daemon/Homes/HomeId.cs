using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>The unique ID of a home, created once by its first node.</summary>
internal static class HomeId
{
    public static string ReadOrCreate(HomePaths paths)
    {
        if (
            File.Exists(paths.Identity) && File.ReadAllText(paths.Identity) is { Length: > 0 } known
        )
            return known;
        var created = Guid.NewGuid().ToString("N");
        File.WriteAllText(paths.Identity, created);
        return created;
    }
}
