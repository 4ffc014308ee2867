using System.Net;
using System.Net.Sockets;
using System.Text;
using JobCloud.Testing;

namespace JobCloud.EndToEnd.Tests;

/// <summary>Jobs that listen on ports.</summary>
public class PortTests(Cloud cloud) : IClassFixture<Cloud>
{
    [Fact]
    public async Task Wait_for_port_waits_until_a_job_listens()
    {
        var port = FreePort();
        var jid = await cloud.ExecAsync($"sleep 1; exec {Cloud.Dummy} listen tcp 127.0.0.1 {port}");

        var where = await cloud.OkAsync("-o", "quiet", "wait-for", "port", jid, $"{port}");

        Assert.Equal($"127.0.0.1 {port}", where);
        Assert.Equal("hello", await EchoAsync(port, "hello"));
        var info = (await cloud.RunAsync("-o", "json", "info", jid, "-o", "ports")).Json;
        var ports = info.GetProperty(jid).GetProperty("ports");
        var reached = ports.GetProperty("tcp").GetProperty($"{port}");
        Assert.Equal("127.0.0.1", reached.GetProperty("address").GetString());
        Assert.Equal(port, reached.GetProperty("port").GetInt32());
        Assert.Equal("{}", ports.GetProperty("udp").GetRawText());
        await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task Two_isolated_servers_on_the_same_port_of_a_node_are_both_reachable()
    {
        var folders = new[] { "one", "other" }
            .Select(name => Directory.CreateTempSubdirectory($"jc-{name}-").FullName)
            .ToArray();
        var jids = new List<string>();
        foreach (var folder in folders)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "page"), $"I am {folder}");
            string[] exec = ["exec", "--isolate", "network", "--publish", "8000", "--cwd", folder];
            var ran = await cloud.RunAsync([.. exec, "python3 -m http.server 8000"]);
            if (!CanIsolate.Value)
            {
                Assert.Equal(3, ran.Exit);
                Assert.Contains("private networks are unavailable: ", ran.Err);
                return;
            }
            Assert.Equal(0, ran.Exit);
            jids.Add(ran.Line);
        }

        using var http = new HttpClient();
        var reached = new HashSet<int>();
        foreach (var (jid, folder) in jids.Zip(folders))
        {
            await cloud.OkAsync("wait-for", "port", jid, "8000", "-t", "60");
            var info = (await cloud.RunAsync("-o", "json", "info", jid, "-o", "ports")).Json;
            var tcp = info.GetProperty(jid).GetProperty("ports").GetProperty("tcp");
            var port = tcp.GetProperty("8000").GetProperty("port").GetInt32();
            var address = tcp.GetProperty("8000").GetProperty("address").GetString();
            reached.Add(port);
            Assert.Equal(
                $"I am {folder}",
                await http.GetStringAsync($"http://{address}:{port}/page")
            );
        }
        Assert.Equal(2, reached.Count);
        foreach (var jid in jids)
            await cloud.OkAsync("kill", jid);
    }

    [Fact]
    public async Task A_job_that_ends_without_listening_ends_the_wait()
    {
        var jid = await cloud.ExecAsync("sleep 0.5; exit 4");

        var ran = await cloud.RunAsync("wait-for", "port", jid, "8000", "-t", "60");

        Assert.Equal(3, ran.Exit);
        Assert.Equal(
            $"Job {jid} is error and can no longer listen on tcp port 8000: exit 4.\n",
            ran.Err
        );
        Assert.Contains(
            "only while it is processing",
            await cloud.OkAsync("info", jid, "-o", "ports")
        );
    }

    [Fact]
    public async Task A_wait_ends_at_its_time_limit()
    {
        var jid = await cloud.ExecAsync("sleep 60");

        var ran = await cloud.RunAsync("wait-for", "port", jid, "8000", "-t", "0.3");

        Assert.Equal(3, ran.Exit);
        Assert.Contains($"job {jid} does not listen on tcp port 8000", ran.Err);
        await cloud.OkAsync("kill", jid);
    }

    /// <summary>True if bubblewrap is installed and can create network namespaces; the node makes
    /// the same check.</summary>
    internal static readonly Lazy<bool> CanIsolate = new(() =>
        Tool.Succeeds("bwrap", "--bind", "/", "/", "--unshare-net", "true")
    );

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<string> EchoAsync(int port, string text)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        var echo = new byte[text.Length];
        await stream.ReadExactlyAsync(echo);
        return Encoding.UTF8.GetString(echo);
    }
}
