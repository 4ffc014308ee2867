using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Planned stops, upgrades and starts of nodes, whose jobs keep running or move.</summary>
public sealed class PlannedStopTests
{
    [PostgreSqlFact]
    public async Task A_stopping_node_hands_its_jobs_over_and_counts_no_crash()
    {
        const string CrashOnce = "jobcloud { crash-limit = 1, executor.node-drain = 1s }";
        using var store = new SharedStore();
        await using var one = store.Node("one", CrashOnce);
        await using var other = store.Node("other", CrashOnce);
        await one.OkAsync("node", "start");
        var log = Path.Combine(one.Home, "runs");
        var jid = await one.ExecAsync($"echo $$ >> {log}; sleep 600");
        await one.OkAsync("wait-for", "status", jid, "processing");
        await other.OkAsync("node", "start");

        await one.OkAsync("node", "stop");
        await RunsAloneAsync(other, jid, log, 2);
        await one.OkAsync("node", "start");
        await ReadyAsync(one, 2);
        await other.OkAsync("node", "stop", "--now");
        await RunsAloneAsync(one, jid, log, 3);

        var kept = await one.PidsAsync();
        var stopped = await one.RunAsync("node", "stop", "--keep-jobs");
        Assert.Contains("The jobs keep running for 9 s", stopped.Err);
        await one.OkAsync("node", "start");
        Assert.Equal(kept.Executor, (await one.PidsAsync()).Executor);
        await RunsAloneAsync(one, jid, log, 3);
        await one.OkAsync("kill", jid);
    }

    [Fact]
    public async Task An_upgrade_keeps_all_jobs_and_records_those_that_finished_meanwhile()
    {
        using var programs = new Folder();
        CopyTo(programs.Path);
        await using var cloud = new Cloud { Programs = programs.Path };
        await cloud.OkAsync("node", "start", "--cores", "3");
        var gate = Path.Combine(cloud.Home, "gate");
        var late = await cloud.ExecAsync($"until test -e {gate}; do sleep 0.05; done; echo late");
        var missed = await cloud.ExecAsync(
            $"until test -e {gate}.early; do sleep 0.05; done; echo missed; touch {gate}.over"
        );
        var queued = await cloud.ExecAsync("-x", late, "echo", "after");
        await cloud.OkAsync("wait-for", "status", late, "processing");
        await cloud.OkAsync("wait-for", "status", missed, "processing");
        var before = await cloud.PidsAsync();

        await cloud.OkAsync("node", "stop", "--keep-jobs");
        await File.WriteAllTextAsync($"{gate}.early", "");
        await Eventually.HoldsAsync(() => File.Exists($"{gate}.over"), "it ended meanwhile");
        Directory.Delete(programs.Path, recursive: true);
        CopyTo(programs.Path);
        await cloud.OkAsync("node", "start");

        var after = await cloud.PidsAsync();
        Assert.NotEqual(before.Node, after.Node);
        Assert.Equal(before.Executor, after.Executor);
        Assert.Equal("missed", await cloud.OkAsync("result", missed));
        Assert.Equal("processing", await cloud.StatusAsync(late));
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal("late", await cloud.OkAsync("result", late));
        Assert.Equal("after", await cloud.OkAsync("result", queued));
        Assert.EndsWith("attempt: 1", await cloud.OkAsync("info", late, "-o", "attempt"));
    }

    private static void CopyTo(string folder)
    {
        foreach (
            var file in Directory.EnumerateFiles(Cloud.Shipped, "*", SearchOption.AllDirectories)
        )
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Cloud.Shipped, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("jc-programs-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }

    /// <summary>Waits until the job has started <paramref name="times"/> times and only its last
    /// process is running.</summary>
    private static async Task RunsAloneAsync(Cloud cloud, string jid, string log, int times)
    {
        await Eventually.HoldsAsync(
            async () => (await File.ReadAllLinesAsync(log)).Length == times,
            $"the job has started {times} times",
            TimeSpan.FromSeconds(30)
        );
        var pids = await File.ReadAllLinesAsync(log);
        Assert.All(pids[..^1], pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.True(Directory.Exists($"/proc/{pids[^1]}"));
        await cloud.OkAsync("wait-for", "status", jid, "processing", "-t", "20");
    }

    private static Task ReadyAsync(Cloud cloud, int nodes) =>
        Eventually.HoldsAsync(
            async () => (await SharedStore.NodesAsync(cloud)).Count == nodes,
            $"{nodes} nodes are in the cloud"
        );
}
