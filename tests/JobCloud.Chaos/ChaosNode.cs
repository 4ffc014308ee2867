using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Chaos;

/// <summary>One node: an executor and what it starts, in a home of its own, as if on a machine of its own.</summary>
public sealed class ChaosNode : IDisposable
{
    private const string NodeProgram = "jobcloud-node";
    private const string ExecutorProgram = "jobcloud-executor";

    private readonly HomePaths home;
    private readonly string programs;
    private readonly GrpcChannel channel;

    /// <param name="programs">The folder of the executor.</param>
    /// <param name="settings">HOCON over the node's own.</param>
    public ChaosNode(
        string folder,
        string name,
        int port,
        string store,
        string programs,
        string settings
    )
    {
        this.programs = programs;
        Name = name;
        home = new HomePaths(Path.Combine(folder, name));
        Directory.CreateDirectory(home.Home);
        File.WriteAllText(
            home.Settings,
            $$"""
            jobcloud {
              node { name = {{name}}, cores = 4 }
              store { provider = postgresql, connection = "{{store}}" }
            }
            akka.remote.dot-netty.tcp.port = {{port}}
            {{settings}}
            """
        );
        channel = GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { ConnectCallback = ConnectAsync },
            }
        );
        Client = new Cloud.CloudClient(channel);
    }

    public string Name { get; }
    public Cloud.CloudClient Client { get; }

    /// <summary>The folder of its logs.</summary>
    public string Log => home.Log;

    /// <summary>All its processes, jobs included, by pid.</summary>
    public IReadOnlyDictionary<int, string> All => Processes.Naming(home.Home);

    /// <summary>Starts the executor, which starts the node.</summary>
    public void Start()
    {
        Directory.CreateDirectory(home.Log);
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec \"$0\" --home \"$1\" >>\"$2\" 2>&1", Program, home.Home, home.ExecutorLog]
        );
        using var process = Process.Start(start);
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            var limit = DateTime.UtcNow + TimeSpan.FromSeconds(2);
            return (await Client.NodeStatusAsync(new NodeStatusRequest(), deadline: limit)).Ready;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    public IReadOnlyList<int> NodePids => Of(NodeProgram);
    public IReadOnlyList<int> ExecutorPids => Of(ExecutorProgram);

    /// <summary>Asks the executor to end all.</summary>
    public void Stop()
    {
        foreach (var pid in ExecutorPids)
            Processes.Signal([pid], Processes.Terminate);
    }

    public void Dispose() => channel.Dispose();

    private string Program => Path.Combine(programs, ExecutorProgram);

    private IReadOnlyList<int> Of(string program) =>
        [
            .. All.Where(process =>
                    process.Value.Contains($"{program} ", StringComparison.Ordinal)
                    || process.Value.Contains($"{program}.dll ", StringComparison.Ordinal)
                )
                .Select(process => process.Key),
        ];

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancel
    )
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(home.GatewaySocket), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
