using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Counters that survive the restart of nodes: node losses of a job, and failures of a
/// map.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task A_job_that_keeps_losing_its_node_ends_with_status_error()
    {
        await using var cloud = new Cloud();
        await File.WriteAllTextAsync(
            Path.Combine(cloud.Home, "jobcloud.conf"),
            "jobcloud.crash-limit = 2"
        );
        await cloud.OkAsync("node", "start", "--cores", "2");
        var log = Path.Combine(cloud.Home, "runs");
        var jid = await cloud.ExecAsync($"echo $$ >> {log}; sleep 600");
        for (var run = 1; run <= 2; run++)
        {
            await Eventually.HoldsAsync(
                () => File.Exists(log) && File.ReadAllLines(log).Length == run,
                $"attempt {run} runs"
            );
            await cloud.OkAsync("wait-for", "status", jid, "processing");
            var (node, executor) = await cloud.PidsAsync();
            Cloud.Kill(executor);
            Cloud.Kill(node);
            await Eventually.HoldsAsync(
                () => !Directory.Exists($"/proc/{node}") && !Directory.Exists($"/proc/{executor}"),
                "both have ended"
            );
            // The guard starts both again.
        }

        Assert.Equal(3, (await cloud.RunAsync("join", jid, "-t", "120")).Exit);
        Assert.Equal("error", await cloud.StatusAsync(jid));
        Assert.Contains("2", await cloud.OkAsync("info", jid, "-o", "reason"));
        Assert.Equal(2, (await File.ReadAllLinesAsync(log)).Length);
        Assert.Equal("fine", await cloud.OkAsync("result", await cloud.ExecAsync("echo", "fine")));
    }

    [PostgreSqlFact]
    public async Task The_failures_of_a_map_are_still_counted_after_the_scheduler_moves()
    {
        using var store = new SharedStore();
        await using var one = store.Node("one", "jobcloud.node.cores = 2");
        await using var other = store.Node("other", "jobcloud.node.cores = 4");
        await one.OkAsync("node", "start");
        await other.OkAsync("node", "start");
        var gate = Path.Combine(one.Home, "gate");
        var map = await other.OkAsync(
            "mapexec",
            "--max-fails",
            "2",
            "-n",
            $"do=false,until test -e {gate}; do sleep 0.05; done; false,sleep 600,sleep 600",
            "{do!}"
        );
        var first = int.Parse(map.Split('-')[0]);
        Assert.Equal(3, (await other.RunAsync("join", $"{first}")).Exit);

        await one.OkAsync("node", "stop", "--now");
        await other.OkAsync("wait-for", "status", $"{first + 1}", "processing", "-t", "30");
        Assert.Equal("processing", await other.StatusAsync($"{first + 3}"));
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal(3, (await other.RunAsync("join", "--all", map, "-t", "30")).Exit);
        Assert.Equal("error", await other.StatusAsync($"{first + 1}"));
        Assert.Equal("killed", await other.StatusAsync($"{first + 2}"));
        Assert.Equal("killed", await other.StatusAsync($"{first + 3}"));
    }
}
