using System.Diagnostics;
using System.Security.Cryptography;
using JobCloud.Protocol;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Terminals;
using JobCloud.Testing;

namespace JobCloud.Node.Tests.Executor.Terminals;

/// <summary>Real OpenSSH clients in jobs. Where the machine has no OpenSSH, the test checks that
/// this is reported.</summary>
public sealed class SshServerTests : TerminalStories, IClassFixture<ExecutorFixture>, IDisposable
{
    private static readonly bool HasServer =
        File.Exists("/usr/sbin/sshd") && IsInPath("ssh") && IsInPath("ssh-keygen");

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-ssh-").FullName;

    public SshServerTests(ExecutorFixture fixture)
        : base(fixture) { }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_node_without_sshd_refuses_with_that_reason()
    {
        if (HasServer)
            return;
        var job = await RunningAsync();
        await using var client = await TerminalClient.OpenAsync(
            Fixture.Executor.Home.TerminalSocket,
            new()
            {
                Jid = job.Jid,
                Kind = TerminalKind.SshServer,
                PublicKey = Google.Protobuf.ByteString.CopyFromUtf8("ssh-ed25519 AAAA"),
            }
        );

        Assert.Contains("sshd is not installed on the node", (await client.RefusedAsync()).Message);
    }

    [Fact]
    public async Task A_command_by_ssh_runs_in_the_job()
    {
        if (!HasServer)
            return;
        var job = await RunningAsync(with: job =>
            job.Environment.Add(new Variable { Name = "COLOUR", Value = "it's \"blue\"" })
        );
        await using var bridge = await BridgeAsync(job);

        var (code, output, errors) = await SshAsync(
            bridge,
            "echo \"$PWD|$COLOUR|$JOBCLOUD_MARK\"; echo err >&2; exit 7"
        );

        Assert.Equal(
            (
                7,
                $"{Fixture.Paths(job).Directory}|it's \"blue\"|{job.Jid}.1@{Fixture.Executor.Home.Home}\n",
                "err\n"
            ),
            (code, output, errors)
        );
    }

    [Fact]
    public async Task A_command_by_ssh_in_a_sandbox_is_confined_as_its_job()
    {
        if (!HasServer || Agent.Inventory.Isolation.NoPrivateNetwork.Length > 0)
            return;
        var job = await RunningAsync(with: job => job.IsolateNetwork = true);
        await using var bridge = await BridgeAsync(job);

        var (code, output, errors) = await SshAsync(
            bridge,
            "while read k v; do case $k in NoNewPrivs:|Seccomp:) echo $v;; esac; done"
                + " < /proc/self/status; unshare -Ur true 2>&- || echo no namespace"
        );

        Assert.Equal((0, "1\n2\nno namespace\n", ""), (code, output, errors));
    }

    [Fact]
    public async Task A_shell_by_ssh_has_a_terminal()
    {
        if (!HasServer)
            return;
        var job = await RunningAsync();
        await using var bridge = await BridgeAsync(job);

        var (code, output, _) = await RunAsync(
            "ssh",
            [.. Options(bridge), "-tt", "-p", $"{bridge.Port}", "127.0.0.1", "tty; exit 3"]
        );

        Assert.Equal(3, code);
        Assert.StartsWith("/dev/pts/", output);
    }

    [Fact]
    public async Task Files_are_copied_in_both_directions()
    {
        if (!HasServer)
            return;
        var job = await RunningAsync();
        await using var bridge = await BridgeAsync(job);
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        await File.WriteAllBytesAsync($"{_folder}/there", bytes);

        var there = await CopyAsync(bridge, $"{_folder}/there", "127.0.0.1:here");
        var back = await CopyAsync(bridge, "127.0.0.1:here", $"{_folder}/back");

        Assert.Equal((0, 0), (there.Code, back.Code));
        Assert.Equal(bytes, await File.ReadAllBytesAsync($"{Fixture.Paths(job).Directory}/here"));
        Assert.Equal(bytes, await File.ReadAllBytesAsync($"{_folder}/back"));
    }

    [Fact]
    public async Task A_directory_is_copied_by_rsync()
    {
        if (!HasServer || !IsInPath("rsync"))
            return;
        var job = await RunningAsync();
        await using var bridge = await BridgeAsync(job);
        Directory.CreateDirectory($"{_folder}/tree/deep");
        await File.WriteAllTextAsync($"{_folder}/tree/deep/leaf", "green");
        var ssh = string.Join(' ', ["ssh", .. Options(bridge), "-p", $"{bridge.Port}"]);

        var (code, _, errors) = await RunAsync(
            "rsync",
            ["-a", "-e", ssh, $"{_folder}/tree", "127.0.0.1:."]
        );

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(
            "green",
            await File.ReadAllTextAsync($"{Fixture.Paths(job).Directory}/tree/deep/leaf")
        );
    }

    [Fact]
    public async Task A_port_in_the_jobs_network_is_forwarded()
    {
        if (!HasServer)
            return;
        var job = await RunningAsync(
            ExecutorProcess.Dummy("listen tcp 127.0.0.1 0 send 40000"),
            job => job.IsolateNetwork = Agent.Inventory.Isolation.NoPrivateNetwork.Length == 0
        );
        await Fixture.WaitForOutputAsync(job);
        await using var bridge = await BridgeAsync(job);
        var port = Fixture.Stdout(job).Trim();

        var (code, output, _) = await RunAsync(
            "ssh",
            [.. Options(bridge), "-p", $"{bridge.Port}", "-W", $"127.0.0.1:{port}", "127.0.0.1"]
        );

        Assert.Equal((0, 40_000), (code, output.Length));
    }

    [Fact]
    public async Task Another_key_is_refused()
    {
        if (!HasServer)
            return;
        var job = await RunningAsync();
        await using var bridge = await BridgeAsync(job);
        await KeyAsync("key");

        var (code, _, errors) = await SshAsync(bridge, "true");

        Assert.Equal(255, code);
        Assert.Contains("Permission denied", errors);
    }

    [Fact]
    public async Task The_end_of_a_job_ends_its_ssh_sessions_and_removes_its_keys()
    {
        if (!HasServer)
            return;
        var job = await RunningAsync();
        await using var bridge = await BridgeAsync(job);
        var session = SshAsync(bridge, "echo begun > begun; exec sleep 991");
        _ = await RunsAsync(job, "sleep 991");
        Assert.True(Directory.Exists(Fixture.Paths(job).Ssh));

        Agent.Stop(job.Jid);
        await Agent.EndedAsync(job.Jid);

        Assert.NotEqual(0, (await session).Code);
        Assert.Empty(ProcessesOf.Job(Fixture.Executor.Home.Home, job.Jid));
        await Eventually.HoldsAsync(
            () => !Directory.Exists(Fixture.Paths(job).Ssh),
            "the keys were removed"
        );
    }

    private async Task<SshBridge> BridgeAsync(StartProcess job)
    {
        var key = await KeyAsync("key");
        return new(Fixture.Executor.Home.TerminalSocket, job.Jid, key);
    }

    private async Task<string> KeyAsync(string name)
    {
        File.Delete($"{_folder}/{name}");
        await RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", $"{_folder}/{name}"]);
        return (await File.ReadAllTextAsync($"{_folder}/{name}.pub")).Trim();
    }

    private Task<(int Code, string Output, string Errors)> SshAsync(
        SshBridge bridge,
        string command
    ) => RunAsync("ssh", [.. Options(bridge), "-p", $"{bridge.Port}", "127.0.0.1", command]);

    private Task<(int Code, string Output, string Errors)> CopyAsync(
        SshBridge bridge,
        string from,
        string to
    ) => RunAsync("scp", [.. Options(bridge), "-P", $"{bridge.Port}", from, to]);

    private string[] Options(SshBridge bridge) =>
        [
            "-F",
            "none",
            "-i",
            $"{_folder}/key",
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "BatchMode=yes",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            $"UserKnownHostsFile={_folder}/known-{bridge.Port}",
            "-o",
            $"User={Environment.UserName}",
        ];

    private static bool IsInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Any(folder => File.Exists($"{folder}/{program}"));

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string program,
        string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (
            process.StandardOutput.ReadToEndAsync(),
            process.StandardError.ReadToEndAsync()
        );
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (process.ExitCode, await output, await errors);
    }
}
