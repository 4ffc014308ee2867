using System.Diagnostics;
using System.Text.Json;

namespace JobCloud.EndToEnd.Tests;

/// <summary>A node with a full disk reports it, loses nothing, and continues once there is
/// space.</summary>
public class FullDiskTests
{
    private const int SubmissionsMax = 500;

    [Fact]
    public async Task A_full_disk_refuses_submissions_and_loses_nothing()
    {
        await using var cloud = new Cloud();
        // Without the permission to mount, a full disk would affect other programs.
        if (!Mounts("mount", "-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", cloud.Home))
            return;
        try
        {
            await RunAsync(cloud);
        }
        finally
        {
            await cloud.RunAsync("node", "stop");
            Mounts("umount", "-l", cloud.Home);
        }
    }

    private static async Task RunAsync(Cloud cloud)
    {
        var acknowledged = new List<string> { await cloud.ExecAsync("echo", "before") };
        await cloud.OkAsync("join", acknowledged[0]);
        var filler = Path.Combine(cloud.Home, "filler");
        Fill(filler);

        ProgramOutcome refused;
        while ((refused = await cloud.RunAsync("-o", "json", "exec", "true")).Exit == 0)
        {
            acknowledged.Add(refused.Json.GetProperty("jid").GetRawText());
            Assert.True(acknowledged.Count < SubmissionsMax, "a full disk takes no submission");
        }
        Assert.Equal(3, refused.Exit);
        var error = JsonDocument.Parse(refused.Err).RootElement.GetProperty("error");
        Assert.Equal("store-unavailable", error.GetProperty("code").GetString());
        await SaysWhyAsync(cloud);

        File.Delete(filler);
        var after = await cloud.ExecAsync("--wait", "echo", "after");
        Assert.Equal("after", await cloud.OkAsync("result", after));
        Assert.Equal("before", await cloud.OkAsync("result", acknowledged[0]));
        await cloud.RunAsync("join", "--all", string.Join(',', acknowledged));
        foreach (var jid in acknowledged)
            Assert.Contains(await cloud.StatusAsync(jid), new[] { "done", "error" });
    }

    /// <summary>Every command works, or says that the disk is full, and where.</summary>
    private static async Task SaysWhyAsync(Cloud cloud)
    {
        string[] lines =
        [
            "ls",
            "exec true",
            "mapexec -k 2 true",
            "status 1",
            "info 1",
            "logs 1",
            "result 1",
            "events",
            "nodes",
            "kill 1",
            "explain 1",
            "env create filled -E A=1",
            "token list",
            "node status",
        ];
        foreach (var line in lines)
        {
            var ran = await cloud.RunAsync(line.Split(' '));
            Assert.True(ran.Exit is 0 or 3, $"{line}: exit {ran.Exit}: {ran.Err}");
            if (ran.Exit == 3)
                Assert.Contains($"no space left in {cloud.Home}/store", ran.Err);
        }
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path, bufferSize: 1);
        // Fills the disk to the last page.
        for (var block = 1 << 20; block >= 4096; block /= 2)
            try
            {
                while (true)
                    file.Write(new byte[block]);
            }
            catch (IOException)
            {
                // No space for a block of this size.
            }
    }

    private static bool Mounts(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        using var process = Process.Start(info)!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
