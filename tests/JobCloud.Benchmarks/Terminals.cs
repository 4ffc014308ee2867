using System.Diagnostics;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Testing;

namespace JobCloud.Benchmarks;

/// <summary>A terminal in a job compared with OpenSSH to this machine: the time from a key to its
/// echo (by the kernel's terminal), and the throughput of <c>cat</c> in both directions.</summary>
public static class Terminals
{
    private const int WarmUpKeys = 50;

    /// <summary>The command on the other side; its output differs from the typed text.</summary>
    private const string Ready = "echo is-$((1+1))-there; exec cat";

    public static async Task RunAsync(int size)
    {
        var keys = size > 0 ? size : 500;
        await using var cloud = await BenchCloud.StartAsync();
        using var server = await LoopbackSsh.StartAsync();
        var job = await cloud.Client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec { Command = "sleep 3600", Cores = 1 },
            }
        );
        string[] ours = [BenchCloud.Program("jobcloud"), "ssh"];
        var jid = $"{job.First}";
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["HOME"] = cloud.Home.Home,
            ["TERM"] = "xterm",
            ["JOBCLOUD_HOME"] = cloud.Home.Home,
        };
        await EchoAsync("jobcloud ssh", [.. ours, "-t", jid, Ready], environment, keys);
        await EchoAsync(
            "OpenSSH",
            [.. server.Client, "-tt", "localhost", Ready],
            environment,
            keys
        );
        foreach (var megabytes in new[] { 64, 1024 })
        {
            Through("jobcloud ssh", [.. ours, jid, "cat"], environment, megabytes);
            Through("OpenSSH", [.. server.Client, "localhost", "cat"], environment, megabytes);
        }
    }

    private static async Task EchoAsync(
        string name,
        string[] command,
        Dictionary<string, string> environment,
        int keys
    )
    {
        using var terminal = PtyProcess.Start(command, environment);
        // Until then the local terminal echoes.
        await terminal.ShowsAsync("is-2-there");
        var times = new List<double>();
        for (var i = 0; i < WarmUpKeys + keys; i++)
        {
            var watch = Stopwatch.StartNew();
            terminal.TypeAndWait("x");
            if (i >= WarmUpKeys)
                times.Add(watch.Elapsed.TotalMicroseconds);
            // A line in a terminal has at most 4,095 characters (termios(3)).
            if (i % 1000 == 999)
                terminal.TypeAndWait("\r");
        }
        times.Sort();
        Console.WriteLine(
            $"key to echo, {name, -12}  p50 {times[times.Count / 2]:F0} µs  p99 {times[times.Count * 99 / 100]:F0} µs"
        );
    }

    private static void Through(
        string name,
        string[] command,
        Dictionary<string, string> environment,
        int megabytes
    )
    {
        var line = string.Join(' ', command.Select(word => $"'{word}'"));
        var start = new ProcessStartInfo(
            "/bin/bash",
            ["-c", $"set -o pipefail; head -c {megabytes}M /dev/zero | {line} | wc -c"]
        )
        {
            RedirectStandardOutput = true,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var counted = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        if (process.ExitCode != 0 || counted != $"{(long)megabytes << 20}")
            throw new InvalidOperationException($"{name} lost bytes: {counted}");
        Console.WriteLine(
            $"{megabytes, 4} MiB through cat, {name, -12}  {megabytes / watch.Elapsed.TotalSeconds:F0} MiB/s"
        );
    }
}
