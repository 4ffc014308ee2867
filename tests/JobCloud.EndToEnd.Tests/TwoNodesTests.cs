using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Two nodes of one cloud, and the output of a job after the loss of its node.</summary>
public sealed class TwoNodesTests
{
    private const int Large = 32_000_000;

    [PostgreSqlFact]
    public async Task Output_survives_the_loss_of_its_node_even_during_a_read()
    {
        using var store = new SharedStore();
        await using var one = store.Node("one");
        await using var other = store.Node("other");
        await one.OkAsync("node", "start");
        await other.OkAsync("node", "start");
        var jid = await one.ExecAsync(
            "-r",
            "big",
            $"head -c {Large} /dev/urandom > big; sha256sum < big; seq 100000 >&2"
        );
        await one.OkAsync("join", jid);
        var isHere =
            await one.OkAsync("info", jid, "-o", "node") is var where
            && where.EndsWith("node: one");
        var (ran, asks) = isHere ? (one, other) : (other, one);
        var sum = (await asks.OkAsync("logs", jid)).Split(' ')[0];
        var folder = Path.Combine(asks.Home, "out");
        await asks.OkAsync("result", jid, "--output-dir", folder);
        Assert.Equal(sum, await SumAsync(folder, jid));

        var (node, executor) = await ran.PidsAsync();
        var again = Path.Combine(asks.Home, "again");
        var reading = asks.OkAsync("result", jid, "--output-dir", again);
        await Eventually.HoldsAsync(
            () => new FileInfo(Path.Combine(again, jid)) is { Exists: true, Length: > 0 },
            "it is being read"
        );
        Cloud.Kill(executor);
        Cloud.Kill(node);

        await reading;
        Assert.Equal(sum, await SumAsync(again, jid));
        ProgramOutcome reply = null!;
        await Eventually.HoldsAsync(
            async () => (reply = await asks.RunAsync("-o", "json", "info", jid)).Exit == 0,
            "the other node holds its jobs",
            TimeSpan.FromSeconds(60)
        );
        var info = reply.Json.GetProperty(jid);
        Assert.Equal($"{sum}  -\n", info.GetProperty("stdout").GetString());
        var stderr = info.GetProperty("stderr").GetString()!;
        Assert.Equal(65_536, stderr.Length);
        Assert.EndsWith("\n99999\n100000\n", stderr);
    }

    private static async Task<string> SumAsync(string folder, string jid)
    {
        await using var file = File.OpenRead(Path.Combine(folder, jid));
        var hash = await System.Security.Cryptography.SHA256.HashDataAsync(file);
        return Convert.ToHexStringLower(hash);
    }
}
