using System.Globalization;
using System.Security.Cryptography;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Large output arrives complete, or a message reports the missing part, and memory stays
/// bounded.</summary>
public class OutputTests
{
    private const int Large = 64_000_000;
    private const long MemoryRoom = 48_000_000;

    [Fact]
    public async Task A_large_result_arrives_byte_for_byte_and_memory_stays_flat()
    {
        await using var cloud = new Cloud();
        var jid = await cloud.ExecAsync(
            "-r",
            "big",
            $"head -c {Large} /dev/urandom > big; sha256sum < big"
        );
        await cloud.OkAsync("join", jid);
        var sum = (await cloud.OkAsync("logs", jid)).Split(' ')[0];
        var (node, _) = await cloud.PidsAsync();
        var folder = Path.Combine(cloud.Home, "out");
        // The first transfer is a warm-up: its one-time allocations are not growth.
        await cloud.OkAsync("result", jid, "--output-dir", Path.Combine(cloud.Home, "first"));
        var before = MemoryOf(node);

        await cloud.OkAsync("result", jid, "--output-dir", folder);

        await using var file = File.OpenRead(Path.Combine(folder, jid));
        Assert.Equal(sum, Convert.ToHexStringLower(await SHA256.HashDataAsync(file)));
        Assert.InRange(MemoryOf(node) - before, long.MinValue, MemoryRoom);
    }

    [Fact]
    public async Task A_very_long_line_and_invalid_characters_are_shown()
    {
        await using var cloud = new Cloud();
        const int Long = 16_000_000;
        var jid = await cloud.ExecAsync(
            $"printf '\\342\\202\\254\\377\\n'; head -c {Long} /dev/zero | tr '\\0' x; printf '\\342\\202'"
        );
        await cloud.OkAsync("join", jid);
        Assert.Equal(Long + 1, (await cloud.OkAsync("logs", jid, "--tail", "1")).Length);
        Assert.StartsWith("€\ufffd\nxxx", await cloud.OkAsync("logs", jid));
        var info = (await cloud.RunAsync("-o", "json", "info", jid, "-o", "stdout")).Json;
        var shown = info.GetProperty(jid).GetProperty("stdout").GetString()!;
        Assert.Equal(new string('x', 65_535) + "\ufffd", shown);
    }

    [Fact]
    public async Task A_job_over_its_output_limit_is_followed_to_its_end_and_every_gap_is_reported()
    {
        await using var cloud = new Cloud();
        await File.WriteAllTextAsync(
            Path.Combine(cloud.Home, "jobcloud.conf"),
            "jobcloud.executor { output-limit = 1MiB, sample-interval = 50ms }"
        );
        var jid = await cloud.ExecAsync(
            $"for i in 1 2 3 4; do head -c {Large / 4} /dev/zero | tr '\\0' x; sleep 0.2; done; echo end"
        );

        var followed = await cloud.RunAsync("logs", "-f", jid);

        Assert.EndsWith("xend\n", followed.Out);
        Assert.DoesNotContain('\0', followed.Out);
        var missing = followed
            .Err.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Sum(line => long.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal(Large + 4, followed.Out.Length + missing);
        Assert.Contains("output-limit", followed.Err);

        var result = await cloud.RunAsync("result", jid);
        Assert.InRange(result.Out.Length, 1, 1 << 20);
        Assert.Contains("were not kept", result.Err);
        Assert.Contains("bytes were dropped", await cloud.OkAsync("info", jid, "-o", "stdout"));
    }

    [Fact]
    public async Task Output_in_the_store_survives_the_loss_of_its_files()
    {
        await using var cloud = new Cloud();
        await File.WriteAllTextAsync(
            Path.Combine(cloud.Home, "jobcloud.conf"),
            "jobcloud.outputs.store.keep = on"
        );
        var jid = await cloud.ExecAsync("echo to be $((6 * 7)) kept; seq 100000 >&2");
        await cloud.OkAsync("join", jid);
        await Eventually.HoldsAsync(
            () => Holds(Path.Combine(cloud.Home, "store/outputs.db-wal"), "to be 42 kept"),
            "the store has it"
        );

        Directory.Delete(Path.Combine(cloud.Home, "attempts"), recursive: true);

        Assert.Equal("to be 42 kept", await cloud.OkAsync("result", jid));
        Assert.EndsWith("\n99999\n100000", await cloud.OkAsync("info", jid, "-o", "stderr"));
        var logs = await cloud.RunAsync("logs", jid, "--stderr");
        Assert.EndsWith("\n99999\n100000\n", logs.Out);
        Assert.Contains("the store keeps only the end", logs.Err);
        await cloud.OkAsync("delete", jid);
        Assert.Contains("was deleted", (await cloud.RunAsync("result", jid)).Err);
    }

    private static bool Holds(string path, string text) =>
        File.Exists(path)
        && File.ReadAllBytes(path).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;

    private static long MemoryOf(int pid) =>
        long.Parse(
            File.ReadLines($"/proc/{pid}/status")
                .First(line => line.StartsWith("VmRSS:"))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        ) * 1024;
}
