using System.Diagnostics;
using JobCloud.Protocol.Homes;
using static JobCloud.Node.Tests.Executor.ExecutorFixture;

namespace JobCloud.Node.Tests.Executor;

/// <summary>A job that writes more output than its disk holds.</summary>
public sealed class DiskReserveTests : IDisposable
{
    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("jx");

    public void Dispose() => _disk.Delete(recursive: true);

    [Fact]
    public async Task Output_of_a_running_job_never_takes_the_reserve_of_the_disk()
    {
        // Without the permission to mount, the disk would be that of other programs.
        if (!Runs("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", _disk.FullName))
            return;
        try
        {
            var home = new HomePaths($"{_disk.FullName}/h");
            Directory.CreateDirectory(home.Home);
            await using var executor = await ExecutorProcess.StartAsync(home);
            var greeting = Greeting;
            greeting.OutputLimitBytes = 1L << 40;
            await using var agent = await executor.TalkAsync(greeting);
            // 120 MB, with pauses.
            var end = await agent.RunAsync(
                Job("for i in $(seq 120); do head -c 1000000 /dev/zero; sleep 0.02; done")
            );

            Assert.Equal(0, end.Exit.Code);
            Assert.True(end.Exit.DiskWasLow);
            Assert.True(end.Exit.DroppedBytes > 0);
            Assert.True(new DriveInfo(home.Home).AvailableFreeSpace > 0);
            var log = await File.ReadAllTextAsync(home.ExecutorLog);
            Assert.Contains("less than the reserve of", log);
        }
        finally
        {
            Assert.True(Runs("umount", "-l", _disk.FullName));
        }
    }

    private static bool Runs(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
        )!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
