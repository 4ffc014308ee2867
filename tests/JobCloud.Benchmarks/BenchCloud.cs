using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Grpc.Net.Client;
using JobCloud.Protocol;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Benchmarks;

/// <summary>A node, of four cores unless said otherwise, in a home of its own, started with the published programs.</summary>
public sealed class BenchCloud : IAsyncDisposable
{
    private readonly GrpcChannel channel;

    private BenchCloud(HomePaths home)
    {
        Home = home;
        channel = Connect(home);
        Client = new Cloud.CloudClient(channel);
    }

    public HomePaths Home { get; }
    public Cloud.CloudClient Client { get; }

    /// <param name="settings">HOCON, over those of the reference.</param>
    public static async Task<BenchCloud> StartAsync(int cores = 4, string settings = "")
    {
        var home = new HomePaths(Directory.CreateTempSubdirectory("jcb-").FullName);
        await File.WriteAllTextAsync(home.Settings, settings);
        await RunAsync(home, Program("jobcloud"), "node", "start", "--cores", $"{cores}");
        return new BenchCloud(home);
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await RunAsync(Home, Program("jobcloud"), "node", "stop");
        Directory.Delete(Home.Home, recursive: true);
    }

    /// <summary>Waits until the node knows its executor.</summary>
    public async Task<NodeStatusReply> StatusAsync()
    {
        while (true)
        {
            var status = await Client.NodeStatusAsync(new NodeStatusRequest());
            if (status.ExecutorPid > 0)
                return status;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Submits a map of <paramref name="count"/> times <c>true</c> and waits for its end.</summary>
    public async Task<TimeSpan> MapAsync(int count)
    {
        var watch = Stopwatch.StartNew();
        var map = await Client.SubmitAsync(
            new SubmitRequest
            {
                Spec = new JobSpec
                {
                    Command = "true",
                    Cores = 1,
                    Priority = 5,
                },
                Count = count,
                IsMap = true,
            }
        );
        await JoinAsync(map.First, map.Last);
        return watch.Elapsed;
    }

    public async Task JoinAsync(long first, long last)
    {
        using var waiting = Client.Await(
            new AwaitRequest
            {
                Jobs = new Selection
                {
                    Items =
                    {
                        new SelectionItem
                        {
                            Range = new JidRange { First = first, Last = last },
                        },
                    },
                },
            }
        );
        while (await waiting.ResponseStream.MoveNext(CancellationToken.None))
            if (waiting.ResponseStream.Current is { Finished: true } end)
            {
                if (end.Counts[(int)Status.Done] != end.Total)
                    throw new InvalidOperationException($"not all jobs are done: {end}");
                return;
            }
    }

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

    /// <summary>Runs a command; how long it took.</summary>
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
        var trouble = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? watch.Elapsed
            : throw new InvalidOperationException($"{file} failed: {await trouble}");
    }

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "JobCloud.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
