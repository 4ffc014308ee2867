using System.Text.Json;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Drains of a node, with its running and queued jobs.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task A_drain_stops_jobs_at_its_deadline_survives_a_restart_and_can_be_undone()
    {
        await using var cloud = new Cloud();
        await cloud.OkAsync("node", "start", "--cores", "2");
        var name = (await NodeAsync(cloud)).GetProperty("name").GetString()!;
        var gate = Path.Combine(cloud.Home, "gate");
        var jid = await cloud.ExecAsync($"test -e {gate} || sleep 60; echo ran");
        await cloud.OkAsync("wait-for", "status", jid, "processing");

        await cloud.OkAsync("nodes", "drain", name, "--deadline", "2s", "--reason", "new disk");
        var draining = await NodeAsync(cloud);
        Assert.Equal("draining", draining.GetProperty("state").GetString());
        Assert.Contains("new disk", draining.GetProperty("reason").GetString());
        await StateIsAsync(cloud, "drained");
        Assert.Equal("queued", await cloud.StatusAsync(jid));
        Assert.Contains("drain", await cloud.OkAsync("explain", jid));

        await cloud.OkAsync("node", "stop");
        await cloud.OkAsync("node", "start", "--cores", "2");
        await StateIsAsync(cloud, "drained");
        Assert.Contains("new disk", (await NodeAsync(cloud)).GetProperty("reason").GetString());
        Assert.Equal("queued", await cloud.StatusAsync(jid));

        await File.WriteAllTextAsync(gate, "");
        Assert.DoesNotContain(
            "drained",
            await cloud.OkAsync("-o", "no-header", "nodes", "undrain", name)
        );
        Assert.Equal("ran", await cloud.OkAsync("result", jid));
        Assert.EndsWith("attempt: 2", await cloud.OkAsync("info", jid, "-o", "attempt"));
        await StateIsAsync(cloud, "ready");
    }

    [Fact]
    public async Task A_drain_lets_jobs_finish_and_with_force_stops_them()
    {
        await using var cloud = new Cloud();
        await cloud.OkAsync("node", "start", "--cores", "2");
        var name = (await NodeAsync(cloud)).GetProperty("name").GetString()!;
        var gate = Path.Combine(cloud.Home, "gate");
        var ends = await cloud.ExecAsync($"until test -e {gate}; do sleep 0.1; done; echo ended");
        var once = await cloud.ExecAsync("--not-restartable", "sleep", "60");
        await cloud.OkAsync("wait-for", "status", ends, "processing");
        await cloud.OkAsync("wait-for", "status", once, "processing");

        await cloud.OkAsync("nodes", "drain", name);
        await File.WriteAllTextAsync(gate, "");
        Assert.Equal("ended", await cloud.OkAsync("result", ends));
        Assert.Equal("processing", await cloud.StatusAsync(once));

        await cloud.OkAsync("nodes", "drain", name, "--force");
        Assert.Equal(3, (await cloud.RunAsync("join", once)).Exit);
        Assert.Equal("error", await cloud.StatusAsync(once));
        Assert.Contains("drain", await cloud.OkAsync("info", once, "-o", "reason"));
        await StateIsAsync(cloud, "drained");
        Assert.Equal(3, (await cloud.RunAsync("nodes", "drain", "nowhere")).Exit);
    }

    private static Task StateIsAsync(Cloud cloud, string state) =>
        Eventually.HoldsAsync(
            async () => (await NodeAsync(cloud)).GetProperty("state").GetString() == state,
            $"the node is {state}"
        );

    private static async Task<JsonElement> NodeAsync(Cloud cloud)
    {
        var reply = JsonDocument.Parse(await cloud.OkAsync("-o", "json", "nodes")).RootElement;
        return Assert.Single(reply.GetProperty("nodes").EnumerateArray());
    }
}
