using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>The programs of OpenSSH with jobs; if they are not installed, the messages about
/// that.</summary>
public class OpenSshTests(Cloud cloud) : IClassFixture<Cloud>
{
    private static readonly string Folders =
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin:/sbin";

    [Fact]
    public async Task Ssh_runs_a_command_in_a_job_and_returns_its_exit_code()
    {
        var jid = await RunningAsync("sleep 600");
        if (await IsMissingAsync(jid))
            return;
        var ran = await ClientAsync("ssh", $"job-{jid}", "echo in $JOBCLOUD_JID; pwd; exit 9");
        Assert.Equal((9, ""), (ran.Exit, ran.Err));
        Assert.Equal($"in {jid}\n{cloud.Home}\n", ran.Out);
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task Scp_sftp_and_rsync_copy_files_to_a_job_and_back()
    {
        var jid = await RunningAsync("sleep 600");
        if (await IsMissingAsync(jid))
            return;
        var bytes = new byte[3 << 20];
        Random.Shared.NextBytes(bytes);
        var file = $"{cloud.Home}/sent";
        await File.WriteAllBytesAsync(file, bytes);

        Assert.Equal(0, (await ClientAsync("scp", file, $"job-{jid}:there")).Exit);
        Assert.Equal(0, (await ClientAsync("scp", $"job-{jid}:there", $"{file}.scp")).Exit);
        Assert.Equal(bytes, await File.ReadAllBytesAsync($"{file}.scp"));

        var sftp = await ClientAsync("sftp", $"job-{jid}:there", $"{file}.sftp");
        Assert.True(sftp.Exit == 0, sftp.Err);
        Assert.Equal(bytes, await File.ReadAllBytesAsync($"{file}.sftp"));

        if (IsInstalled("rsync"))
        {
            var by = $"ssh -F {await ConfigAsync()}";
            var rsync = await RunAsync("rsync", "-e", by, $"job-{jid}:there", $"{file}.rsync");
            Assert.True(rsync.Exit == 0, rsync.Err);
            Assert.Equal(bytes, await File.ReadAllBytesAsync($"{file}.rsync"));
        }
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task Ssh_forwards_a_port_of_a_job()
    {
        var (inside, outside) = (FreePort(), FreePort());
        var jid = await RunningAsync($"exec {Cloud.Dummy} listen tcp 127.0.0.1 {inside}");
        if (await IsMissingAsync(jid))
            return;
        await cloud.OkAsync("wait-for", "port", jid, $"{inside}", "-t", "30");
        var config = await ConfigAsync();
        using var ssh = Process.Start(
            "ssh",
            ["-F", config, "-N", "-L", $"127.0.0.1:{outside}:127.0.0.1:{inside}", $"job-{jid}"]
        );
        await Eventually.HoldsAsync(() => EchoesAsync(outside), "the forwarded port answers");
        ssh.Kill();
        await ssh.WaitForExitAsync();
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task The_settings_for_OpenSSH_are_members_in_JSON()
    {
        var jid = await RunningAsync("sleep 600");
        if (await IsMissingAsync(jid))
            return;
        var info = (await cloud.RunAsync("-o", "json", "ssh-info", jid)).Json;
        var config = info.GetProperty("config").GetString()!;
        var host = info.GetProperty("host").GetString()!;
        var ran = await RunAsync("ssh", "-F", config, host, "id -un");
        Assert.Equal(info.GetProperty("username").GetString(), ran.Line);
        await cloud.OkAsync("kill", jid);
        await cloud.RunAsync("join", jid);
        var late = await cloud.RunAsync("ssh-info", jid);
        Assert.Equal(
            (3, $"Job {jid} is killed and accepts no more terminals.\n"),
            (late.Exit, late.Err)
        );
    }

    /// <summary>True if OpenSSH is not installed; checks the message about that.</summary>
    private async Task<bool> IsMissingAsync(string jid)
    {
        if (!IsInstalled("ssh") || !IsInstalled("ssh-keygen"))
        {
            Assert.Contains("OpenSSH", (await cloud.RunAsync("ssh-config")).Err);
            return true;
        }
        if (IsInstalled("sshd"))
            return false;
        var ran = await ClientAsync("ssh", $"job-{jid}", "true");
        Assert.Contains("sshd is not installed on the node", ran.Err);
        return true;
    }

    private async Task<ProgramOutcome> ClientAsync(string program, params string[] arguments) =>
        await RunAsync(program, ["-F", await ConfigAsync(), .. arguments]);

    private async Task<string> ConfigAsync()
    {
        var file = $"{cloud.Home}/{Guid.NewGuid():N}.conf";
        await File.WriteAllTextAsync(file, await cloud.OkAsync("ssh-config") + "\n");
        return file;
    }

    private async Task<string> RunningAsync(string command)
    {
        var jid = await cloud.ExecAsync(command);
        await cloud.OkAsync("wait-for", "status", jid, "processing", "-t", "30");
        return jid;
    }

    private static async Task<ProgramOutcome> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var reading = process.StandardOutput.ReadToEndAsync();
        var readingErrors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);
        return new ProgramOutcome(process.ExitCode, await reading, await readingErrors);
    }

    private static bool IsInstalled(string program) =>
        Folders.Split(':').Any(folder => File.Exists($"{folder}/{program}"));

    private static async Task<bool> EchoesAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            var stream = client.GetStream();
            await stream.WriteAsync("hello"u8.ToArray());
            var echo = new byte[5];
            await stream.ReadExactlyAsync(echo);
            return echo.AsSpan().SequenceEqual("hello"u8);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
