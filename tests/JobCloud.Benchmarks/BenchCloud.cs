using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Benchmarks;

/// <summary>A node with its own home, started from the published programs; it offers four cores by
/// default.</summary>
public sealed class BenchCloud : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private BenchCloud(HomePaths home)
    {
        Home = home;
        _channel = Connect(home);
        Client = new Cloud.CloudClient(_channel);
    }

    public HomePaths Home { get; }
    public Cloud.CloudClient Client { get; }

    /// <param name="settings">HOCON settings over those of reference.conf.</param>
    public static async Task<BenchCloud> StartAsync(int cores = 4, string settings = "")
    {
        var home = new HomePaths(Directory.CreateTempSubdirectory("jcb-").FullName);
        await File.WriteAllTextAsync(home.Settings, settings);
        await RunAsync(home, Program("jobcloud"), "node", "start", "--cores", $"{cores}");
        return new BenchCloud(home);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await RunAsync(Home, Program("jobcloud"), "node", "stop");
        Directory.Delete(Home.Home, recursive: true);
    }

    /// <summary>Waits until the node is connected to its executor.</summary>
    public async Task<NodeStatusReply> StatusAsync()
    {
        var status = new NodeStatusReply();
        await Eventually.HoldsAsync(
            async () =>
                (status = await Client.NodeStatusAsync(new NodeStatusRequest())).ExecutorPid > 0,
            "the node is connected to its executor"
        );
        return status;
    }

    public Task<TimeSpan> MapAsync(int count) => TrueMap.RunAsync(Client, count);

    public Task JoinAsync(long first, long last) => TrueMap.JoinAsync(Client, first, last);

    public static GrpcChannel Connect(HomePaths home) =>
        GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    ConnectCallback = async (_, cancel) =>
                    {
                        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, 0);
                        await socket.ConnectAsync(
                            new UnixDomainSocketEndPoint(home.GatewaySocket),
                            cancel
                        );
                        return new NetworkStream(socket, ownsSocket: true);
                    },
                },
            }
        );

    public static string Program(string name) =>
        Path.Combine(Root(), "artifacts", "jobcloud", name);

    /// <summary>Runs a command and returns its duration.</summary>
    public static async Task<TimeSpan> RunAsync(
        HomePaths? home,
        string file,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (home is not null)
            start.Environment["JOBCLOUD_HOME"] = home.Home;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? watch.Elapsed
            : throw new InvalidOperationException($"{file} failed: {await errors}");
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "JobCloud.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
