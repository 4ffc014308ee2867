using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>The name of a home among all homes: made once, by its first node.</summary>
internal static class HomeIdentity
{
    public static string Of(HomePaths paths)
    {
        if (
            File.Exists(paths.Identity) && File.ReadAllText(paths.Identity) is { Length: > 0 } known
        )
            return known;
        var made = Guid.NewGuid().ToString("N");
        File.WriteAllText(paths.Identity, made);
        return made;
    }
}
