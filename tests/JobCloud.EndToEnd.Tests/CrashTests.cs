using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>kill -9 of any process at any time loses nothing acknowledged.</summary>
public class CrashTests
{
    [Fact]
    public async Task A_killed_node_restarts_and_its_jobs_keep_running()
    {
        await using var cloud = await StartAsync();
        var log = Path.Combine(cloud.Home, "runs");
        var jid = await cloud.ExecAsync(
            $"echo start >> {log}; sleep 3; echo end >> {log}; echo result"
        );
        await cloud.OkAsync("wait-for", "status", jid, "processing");
        var (node, executor) = await cloud.PidsAsync();
        Cloud.Kill(node);
        Assert.Equal("result", await cloud.OkAsync("result", jid));
        Assert.Equal(["start", "end"], await File.ReadAllLinesAsync(log));
        var (again, same) = await cloud.PidsAsync();
        Assert.NotEqual(node, again);
        Assert.Equal(executor, same);
    }

    [Fact]
    public async Task A_crash_of_all_processes_loses_no_job_and_leaves_no_old_attempt()
    {
        await using var cloud = await StartAsync();
        var log = Path.Combine(cloud.Home, "runs");
        var done = await cloud.ExecAsync("echo", "done");
        await cloud.OkAsync("join", done);
        var again = await cloud.ExecAsync($"echo again $$ >> {log}; sleep 2; echo fine");
        var once = await cloud.ExecAsync("--not-restartable", "sleep", "30");
        await cloud.OkAsync("wait-for", "status", again, "processing");
        await cloud.OkAsync("wait-for", "status", once, "processing");
        var queued = await cloud.ExecAsync("-x", again, "echo last");

        var (node, executor) = await cloud.PidsAsync();
        var first = int.Parse((await File.ReadAllLinesAsync(log))[0].Split(' ')[1]);
        Cloud.Kill(executor);
        Cloud.Kill(node);
        await Eventually.HoldsAsync(
            () => !Directory.Exists($"/proc/{node}") && !Directory.Exists($"/proc/{executor}"),
            "both have ended"
        );

        Assert.Equal("fine", await cloud.OkAsync("result", again));
        Assert.False(Directory.Exists($"/proc/{first}"), "the first attempt is dead");
        Assert.Equal("last", await cloud.OkAsync("result", queued));
        Assert.Equal("done", await cloud.StatusAsync(done));
        Assert.Equal(3, (await cloud.RunAsync("join", once)).Exit);
        Assert.Contains("lost", await cloud.OkAsync("info", once, "-o", "reason"));
        Assert.Equal(2, (await File.ReadAllLinesAsync(log)).Length);
    }

    [Fact]
    public async Task Submissions_acknowledged_during_crashes_all_finish()
    {
        await using var cloud = await StartAsync();
        var acknowledged = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            var (node, _) = await cloud.PidsAsync();
            for (var i = 0; i < 25; i++)
            {
                var ran = await cloud.RunAsync("exec", "true");
                if (ran.Exit == 0)
                    acknowledged.Add(ran.Line);
                if (i == 12)
                    Cloud.Kill(node);
            }
        }
        Assert.Equal(acknowledged.Count, acknowledged.Distinct().Count());
        Assert.True(acknowledged.Count > 40);
        await cloud.OkAsync("join", string.Join(',', acknowledged), "-t", "60");
    }

    private static async Task<Cloud> StartAsync()
    {
        var cloud = new Cloud();
        await cloud.InitializeAsync();
        await cloud.OkAsync("node", "start", "--cores", "4");
        return cloud;
    }
}
