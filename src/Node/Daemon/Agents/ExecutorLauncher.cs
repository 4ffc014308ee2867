using System.Diagnostics;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Starts an executor that outlives this process.</summary>
internal static class ExecutorLauncher
{
    /// <summary>Starts an executor, which starts its own node: this process must exit.</summary>
    public static void Start(HomePaths home)
    {
        var start = new ProcessStartInfo(Find()) { ArgumentList = { "--home", home.Home } };
        using var process = Process.Start(start);
    }

    private static string Find()
    {
        var places = JobCloudProgram.Executor.CandidatePaths(AppContext.BaseDirectory);
        return places.FirstOrDefault(File.Exists) ?? places[0];
    }
}
