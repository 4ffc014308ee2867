using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Homes;

/// <summary>Where a home lies. A copy of the home has the same ID but another place; the same place
/// never has two nodes, as a home has one lock.</summary>
internal static class HomePlace
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    public static string Of(HomePaths paths)
    {
        // Containers of one machine share its boot.
        var boot = File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : "";
        return $"{boot} {Environment.MachineName} {Path.GetFullPath(paths.Home)}";
    }
}
