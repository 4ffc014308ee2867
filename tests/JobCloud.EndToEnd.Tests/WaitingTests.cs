using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>A command that waits survives any restart of its node: only an answer ends
/// it.</summary>
public class WaitingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData("node stop")]
    [InlineData("node stop --keep-jobs")]
    [InlineData("kill -9 of the node")]
    [InlineData("kill -9 of the executor")]
    public async Task Every_waiting_command_survives(string fault)
    {
        await using var cloud = new Cloud();
        await cloud.OkAsync("node", "start", "--cores", "8");
        var gate = Path.Combine(cloud.Home, "gate");
        var job = $"until test -e {gate}; do sleep 0.05; done; echo out";
        var jid = await cloud.ExecAsync(job);
        var port = FreePort();
        var listener = await cloud.ExecAsync(
            $"until test -e {gate}; do sleep 0.05; done; exec {Cloud.Dummy} listen tcp 127.0.0.1 {port}"
        );
        await cloud.OkAsync("wait-for", "status", jid, "processing");
        await cloud.OkAsync("wait-for", "status", listener, "processing");
        Running[] commands =
        [
            new(cloud, ["join", jid], ""),
            new(cloud, ["result", jid], "out\n"),
            new(cloud, ["result", "--as-completed", jid], "out\n"),
            new(cloud, ["wait-for", "status", jid, "done"], "done\n"),
            new(
                cloud,
                ["-o", "quiet", "wait-for", "port", listener, $"{port}"],
                $"127.0.0.1 {port}\n"
            ),
            new(cloud, ["logs", "-f", jid], "out\n"),
            new(cloud, ["exec", "-f", job], "out\n"),
            new(cloud, ["exec", "--wait", job], null),
        ];
        using var batch = new Running(cloud, ["batch"], null);
        using var events = new Running(cloud, ["events", "-f", jid], null);
        await Eventually.HoldsAsync(
            () => Connections(cloud) >= commands.Length + 2,
            "all commands are connected",
            Limit
        );

        await ApplyAsync(fault, cloud);
        await File.WriteAllTextAsync(gate, "");

        foreach (var command in commands)
            await command.EndsWellAsync();
        await batch.Process.StandardInput.WriteLineAsync($"{{\"status\": {jid}}}");
        batch.Process.StandardInput.Close();
        await batch.EndsWellAsync();
        Assert.Equal(
            $$"""{"id":1,"jobs":[{"jid":{{jid}},"status":"done"}]}""",
            (await batch.Out).Trim()
        );
        await events.EndedEventOnceAsync();
        await cloud.OkAsync("kill", listener);
        foreach (var command in commands)
            command.Dispose();
    }

    [Fact]
    public async Task A_time_limit_holds_while_the_node_is_stopped()
    {
        await using var cloud = new Cloud();
        await cloud.OkAsync("node", "start");
        var jid = await cloud.ExecAsync("sleep", "600");
        using var join = new Running(cloud, ["join", jid, "-t", "5"], null);
        await Eventually.HoldsAsync(() => Connections(cloud) >= 1, "it is connected", Limit);

        await cloud.OkAsync("node", "stop");

        await join.Process.WaitForExitAsync(new CancellationTokenSource(Limit).Token);
        Assert.Equal(3, join.Process.ExitCode);
        Assert.Contains("Timed out after 5 s", await join.Err);
        await cloud.OkAsync("node", "start");
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task A_job_that_never_ran_ends_a_followed_command_with_its_reason()
    {
        await using var cloud = new Cloud();
        await cloud.OkAsync("node", "start", "--cores", "1");
        var first = await cloud.ExecAsync("sleep", "600");
        using var killed = new Running(cloud, ["exec", "-f", "true"], null);
        using var stalled = new Running(cloud, ["exec", "-f", "-x", first, "true"], null);
        await Eventually.HoldsAsync(
            async () =>
                (await cloud.OkAsync("-o", "quiet", "ls", "status=queued,waiting")).Contains('\n'),
            "both are submitted",
            Limit
        );
        await cloud.OkAsync("kill", "status:queued");
        await cloud.OkAsync("kill", first);
        var cannot = await cloud.RunAsync("exec", "-f", "/etc/passwd", "word");

        Assert.Contains("ended with status killed: killed by", await killed.Err);
        Assert.Contains($"ended with status stalled: dependency {first}", await stalled.Err);
        Assert.Contains(
            "cannot start: permission denied: /etc/passwd is not executable",
            cannot.Err
        );
        Assert.Equal(3, cannot.Exit);
    }

    private static async Task ApplyAsync(string fault, Cloud cloud)
    {
        var (node, executor) = await cloud.PidsAsync();
        switch (fault)
        {
            case "kill -9 of the node":
                Cloud.Kill(node);
                break;
            case "kill -9 of the executor":
                Cloud.Kill(executor);
                break;
            default:
                await cloud.OkAsync(fault.Split(' '));
                await cloud.OkAsync("node", "start");
                break;
        }
        await Eventually.HoldsAsync(
            async () =>
                await cloud.RunAsync("-o", "json", "node", "status") is { Exit: 0 } status
                && status.Json.GetProperty("ready").GetBoolean()
                && status.Json.GetProperty("pid").GetInt32() != node,
            "another node is ready",
            Limit
        );
    }

    /// <summary>The accepted connections of the node's socket: proc_net_unix(5).</summary>
    private static int Connections(Cloud cloud) =>
        File.ReadLines("/proc/net/unix")
            .Count(line =>
                line.EndsWith($"{cloud.Home}/run/jobcloud.sock") && line.Contains(" 03 ")
            );

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>A command that runs meanwhile.</summary>
    private sealed class Running : IDisposable
    {
        private readonly string _line;
        private readonly string? _expected;

        public Running(Cloud cloud, string[] arguments, string? expected)
        {
            (_line, _expected) = (string.Join(' ', arguments), expected);
            Process = cloud.Start(arguments);
            (Out, Err) = (
                Process.StandardOutput.ReadToEndAsync(),
                Process.StandardError.ReadToEndAsync()
            );
        }

        public Process Process { get; }
        public Task<string> Out { get; }
        public Task<string> Err { get; }

        public async Task EndsWellAsync()
        {
            using var limit = new CancellationTokenSource(Limit);
            await Process.WaitForExitAsync(limit.Token);
            Assert.True(
                Process.ExitCode == 0,
                $"jobcloud {_line}: exit {Process.ExitCode}: {await Err}"
            );
            if (_expected is not null)
                Assert.Equal(_expected, await Out);
        }

        /// <summary>Stops <c>events -f</c> of a job that has ended, and checks that no event was
        /// lost or shown twice.</summary>
        public async Task EndedEventOnceAsync()
        {
            Process.Kill();
            await Process.WaitForExitAsync();
            var lines = (await Out).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Single(lines, line => line.Contains("submitted"));
            Assert.Equal(lines.Length, lines.Distinct().Count());
        }

        public void Dispose()
        {
            if (!Process.HasExited)
                Process.Kill();
            Process.Dispose();
        }
    }
}
