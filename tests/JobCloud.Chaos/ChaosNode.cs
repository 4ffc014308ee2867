using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;

namespace JobCloud.Chaos;

/// <summary>Where a node lives.</summary>
/// <param name="Folder">Its home is the folder of its name in there.</param>
/// <param name="Entrance">Words before a command line that have it run there.</param>
/// <param name="Around">Variables of its processes.</param>
public sealed record NodePlace(
    string Folder,
    string Name,
    string Address,
    int Port,
    IReadOnlyList<string> Entrance,
    IReadOnlyDictionary<string, string> Around
);

/// <summary>One node: an executor and what it starts, in a home of its own, as if on a machine of
/// its own.</summary>
public sealed class ChaosNode : IDisposable
{
    private const string NodeProgram = "jobcloud-node";
    private const string ExecutorProgram = "jobcloud-executor";

    private readonly NodePlace _place;
    private readonly HomePaths _home;
    private readonly string _programs;
    private readonly GrpcChannel _channel;

    /// <param name="store">Its connection string.</param>
    /// <param name="programs">The folder of the executor.</param>
    /// <param name="settings">HOCON over the node's own.</param>
    public ChaosNode(NodePlace place, string store, string programs, string settings)
    {
        (_place, _programs) = (place, programs);
        _home = new HomePaths(Path.Combine(place.Folder, place.Name));
        Directory.CreateDirectory(_home.Home);
        File.WriteAllText(
            _home.Settings,
            $$"""
            jobcloud {
              node { name = {{place.Name}}, cores = 6 }
              crash-limit = 100 # Jobs here are not to blame for what happens to nodes.
              store { provider = postgresql, connection = "{{store}}" }
              tls.plain-cluster = on # Its network is made for it.
            }
            akka.remote.dot-netty.tcp { hostname = "{{place.Address}}", port = {{place.Port}} }
            {{settings}}
            """
        );
        _channel = GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { ConnectCallback = ConnectAsync },
            }
        );
        Client = new Cloud.CloudClient(_channel);
    }

    public string Name => _place.Name;
    public Cloud.CloudClient Client { get; }

    /// <summary>For people: what it and its executor wrote, if it was started.</summary>
    public void CopyLogs(string to)
    {
        if (!Directory.Exists(_home.Log))
            return;
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(_home.Log))
            File.Copy(file, $"{to}/{Path.GetFileName(file)}", overwrite: true);
    }

    /// <summary>All its processes, jobs included, by pid.</summary>
    public IReadOnlyDictionary<int, string> All => Processes.Naming(_home.Home);

    /// <summary>Starts the executor, which starts the node.</summary>
    public void Start()
    {
        Directory.CreateDirectory(_home.Log);
        string[] words =
        [
            .. _place.Entrance,
            "/bin/sh",
            "-c",
            "exec \"$0\" --home \"$1\" >>\"$2\" 2>&1",
            Program,
            _home.Home,
            _home.ExecutorLog,
        ];
        var start = new ProcessStartInfo(words[0], words[1..]);
        foreach (var (name, value) in _place.Around)
            start.Environment[name] = value;
        using var process = Process.Start(start);
    }

    /// <summary>kill -9 of all, its jobs too.</summary>
    public void KillAll()
    {
        // What a process starts while the others are killed is killed at the next look.
        for (var all = All; all.Count > 0; all = All)
            Processes.Signal(all.Keys, Processes.Kill);
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

    /// <summary>Whether the scheduler, asked through this node, gives jobs to as many
    /// nodes.</summary>
    public async Task<bool> SeesReadyAsync(int nodes)
    {
        try
        {
            var limit = DateTime.UtcNow + TimeSpan.FromSeconds(2);
            var seen = await Client.NodesAsync(new NodesRequest(), deadline: limit);
            return seen.Nodes.Count(static node => node.State == "ready") == nodes;
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

    public void Dispose() => _channel.Dispose();

    private string Program => Path.Combine(_programs, ExecutorProgram);

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
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_home.GatewaySocket), cancel);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
