using System.Diagnostics;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Starts an executor that outlives this process.</summary>
internal static class ExecutorLauncher
{
    private const string Home = "--home";

    /// <summary>Starts an executor, which starts its own node: this process must exit.</summary>
    /// <param name="ownArguments">The arguments of this node, which the next one gets too.</param>
    public static void Start(HomePaths home, IEnumerable<string> ownArguments)
    {
        var start = new ProcessStartInfo(Find(), Words(home.Home, ownArguments));
        using var process = Process.Start(start);
    }

    /// <summary>The arguments of the executor.</summary>
    public static IReadOnlyList<string> Words(string home, IEnumerable<string> ownArguments)
    {
        var words = new List<string> { Home, home };
        var isValueOfHome = false;
        foreach (var argument in ownArguments)
        {
            if (!isValueOfHome && argument != Home)
                words.AddRange(["--node-arg", argument]);
            isValueOfHome = argument == Home;
        }
        return words;
    }

    private static string Find()
    {
        var places = JobCloudProgram.Executor.CandidatePaths(AppContext.BaseDirectory);
        return places.FirstOrDefault(File.Exists) ?? places[0];
    }
}
