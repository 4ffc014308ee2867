using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace JobCloud.Benchmarks;

/// <summary>An sshd on a loopback port with its own keys and configuration.</summary>
public sealed class LoopbackSsh : IDisposable
{
    private readonly string _folder;
    private readonly Process _server;

    private LoopbackSsh(string folder, Process server, string[] client) =>
        (_folder, _server, Client) = (folder, server, client);

    /// <summary>The client's command line up to the host.</summary>
    public string[] Client { get; }

    public static async Task<LoopbackSsh> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("jcb-ssh-").FullName;
        foreach (var key in new[] { "host", "user" })
            await BenchCloud.RunAsync(
                null,
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                $"{folder}/{key}"
            );
        var port = FreePort();
        await File.WriteAllTextAsync(
            $"{folder}/sshd.conf",
            $"""
            ListenAddress 127.0.0.1:{port}
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/user.pub
            StrictModes no
            UsePAM no
            PidFile none
            """
        );
        // Root's sshd requires this directory for its unprivileged process; the package creates it
        // at boot.
        if (Environment.UserName == "root")
            Directory.CreateDirectory("/run/sshd");
        var server = Process.Start("/usr/sbin/sshd", ["-D", "-q", "-f", $"{folder}/sshd.conf"]);
        string[] client =
        [
            "/usr/bin/ssh",
            "-F",
            "none",
            "-p",
            $"{port}",
            "-i",
            $"{folder}/user",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
        ];
        await ListensAsync(port);
        return new LoopbackSsh(folder, server, client);
    }

    public void Dispose()
    {
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task ListensAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }
}
