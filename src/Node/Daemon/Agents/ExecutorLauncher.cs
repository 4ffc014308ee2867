using System.Diagnostics;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Starts an executor that outlives this process.</summary>
public static class ExecutorLauncher
{
    private const string Program = "jobcloud-executor";

    /// <summary>The new executor starts a node of its own: this one has to leave.</summary>
    public static void Start(HomePaths home)
    {
        var start = new ProcessStartInfo(Find()) { ArgumentList = { "--home", home.Home } };
        using var process = Process.Start(start);
    }

    /// <summary>Beside this program; or, where it was built and not published, in the build's own
    /// folder for it.</summary>
    private static string Find()
    {
        var here = AppContext.BaseDirectory.TrimEnd('/');
        var beside = $"{here}/{Program}";
        if (File.Exists(beside))
            return beside;
        var pivot = Path.GetFileName(here);
        return Path.GetFullPath($"{here}/../../JobCloud.Node.Executor/{pivot}/{Program}");
    }
}
