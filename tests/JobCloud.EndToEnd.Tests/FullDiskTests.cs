using System.Diagnostics;
using System.Text.Json;

namespace JobCloud.EndToEnd.Tests;

/// <summary>A node whose disk is full says so, loses nothing, and goes on when there is
/// room.</summary>
public class FullDiskTests
{
    private const int SubmissionsMax = 500;

    [Fact]
    public async Task A_full_disk_refuses_and_loses_nothing()
    {
        await using var cloud = new Cloud();
        // Where this user may not mount, no disk can be filled without harm to others.
        if (!Mounts("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", cloud.Home))
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

        Ran refused;
        while ((refused = await cloud.RunAsync("-o", "json", "exec", "true")).Exit == 0)
        {
            acknowledged.Add(refused.Json.GetProperty("jid").GetRawText());
            Assert.True(acknowledged.Count < SubmissionsMax, "a full disk takes no submission");
        }
        Assert.Equal(3, refused.Exit);
        var error = JsonDocument.Parse(refused.Err).RootElement.GetProperty("error");
        Assert.Equal("store-unavailable", error.GetProperty("code").GetString());

        File.Delete(filler);
        var after = await cloud.ExecAsync("--wait", "echo", "after");
        Assert.Equal("after", await cloud.OkAsync("result", after));
        Assert.Equal("before", await cloud.OkAsync("result", acknowledged[0]));
        await cloud.RunAsync("join", "--all", string.Join(',', acknowledged));
        foreach (var jid in acknowledged)
            Assert.Contains(await cloud.StatusAsync(jid), new[] { "done", "error" });
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path, bufferSize: 1);
        // Down to the last page.
        for (var piece = 1 << 20; piece >= 4096; piece /= 2)
            try
            {
                while (true)
                    file.Write(new byte[piece]);
            }
            catch (IOException)
            {
                // Full for pieces of this size.
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
