using System.Diagnostics;
using JobCloud.Node.Tests.Executor;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Logs;

public sealed class RotatingOutputTests : IDisposable
{
    private readonly TestHome _home = new();
    private readonly HashSet<string> _seen = [];

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_running_node_rotates_its_log_file()
    {
        var paths = new HomePaths(_home.Path);
        using var executor = ExecutorProcess.Run(
            "--home",
            paths.Home,
            "--node-arg",
            "--set=jobcloud.executor.log-limit=1KiB",
            "--node-arg",
            "--set=jobcloud.log-level=DEBUG"
        );
        // The file was replaced, and so was its successor.
        await Eventually.HoldsAsync(
            () => executor.HasExited || ReplacedLogs(paths) >= 2,
            "the log was rotated",
            TimeSpan.FromMinutes(1)
        );
        Assert.False(executor.HasExited);
        Assert.DoesNotContain("exited", await File.ReadAllTextAsync(paths.ExecutorLog));
        Assert.InRange(new FileInfo(paths.NodeLog + RunFile.OldSuffix).Length, 1_024, 100_000);
        Assert.InRange(Directory.GetFiles(paths.Log, "node.log*").Length, 1, 2);

        using (var kill = Process.Start("kill", ["-TERM", $"{executor.Id}"]))
            await kill.WaitForExitAsync();
        await executor.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>The number of replaced files seen since the start, by their first lines.</summary>
    private int ReplacedLogs(HomePaths paths)
    {
        try
        {
            _seen.Add(File.ReadLines(paths.NodeLog + RunFile.OldSuffix).First());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing was replaced yet.
        }
        return _seen.Count;
    }
}
