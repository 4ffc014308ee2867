using System.Diagnostics;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Starts an executor that outlives this process.</summary>
internal static class ExecutorLauncher
{
    /// <summary>The new executor starts a node of its own: this one has to leave.</summary>
    public static void Start(HomePaths home)
    {
        var start = new ProcessStartInfo(Find()) { ArgumentList = { "--home", home.Home } };
        using var process = Process.Start(start);
    }

    private static string Find()
    {
        var places = JobCloudProgram.Executor.Places(AppContext.BaseDirectory);
        return places.FirstOrDefault(File.Exists) ?? places[0];
    }
}
