using System.Diagnostics;
using JobCloud.Node.Tests.Executor;
using JobCloud.Node.Tests.Hosting;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Logs;

public sealed class RotatingOutputTests : IDisposable
{
    private readonly TestHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_running_node_rotates_its_log_file()
    {
        var paths = new HomePaths(_home.Path);
        Directory.CreateDirectory(paths.Log);
        var node = ExecutorProcess.Program("JobCloud.Node.Daemon", "jobcloud-node");
        using var process = Process.Start(
            "sh",
            [
                "-c",
                "exec \"$0\" --home \"$1\" --set jobcloud.executor.log-limit=2KB --set "
                    + "jobcloud.log-level=DEBUG >> \"$2\" 2>&1",
                node,
                paths.Home,
                paths.NodeLog,
            ]
        );
        try
        {
            // Twice: the file was replaced, and then the next one.
            await Eventually.HoldsAsync(
                () => Inodes().Count >= 3,
                "the log was rotated",
                TimeSpan.FromMinutes(1)
            );
            Assert.False(process.HasExited);
            Assert.InRange(new FileInfo(paths.NodeLog + RunFile.OldSuffix).Length, 2_000, 200_000);
            Assert.Equal(2, Directory.GetFiles(paths.Log).Length);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        HashSet<string> Inodes()
        {
            foreach (var file in new[] { paths.NodeLog, paths.NodeLog + RunFile.OldSuffix })
                if (File.Exists(file))
                    _seen.Add(new FileInfo(file).CreationTimeUtc.Ticks.ToString());
            return _seen;
        }
    }

    private readonly HashSet<string> _seen = [];
}
