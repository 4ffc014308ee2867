using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>The location of a node.</summary>
/// <param name="Folder">The parent of the node's home, which has the node's name.</param>
/// <param name="CommandPrefix">The command prefix that runs a command line at this
/// location.</param>
/// <param name="Variables">Environment variables of its processes.</param>
public sealed record NodeLocation(
    string Folder,
    string Name,
    string Address,
    int Port,
    IReadOnlyList<string> CommandPrefix,
    IReadOnlyDictionary<string, string> Variables
);

/// <summary>One node: an executor and its children, with its own home, as if on its own
/// machine.</summary>
public sealed class ChaosNode : IDisposable
{
    private const string NodeProgram = "jobcloud-node";
    private const string ExecutorProgram = "jobcloud-executor";

    private readonly NodeLocation _location;
    private readonly HomePaths _home;
    private readonly string _programs;
    private readonly GrpcChannel _channel;

    /// <param name="store">The store's connection string.</param>
    /// <param name="authority">Issues the node's certificate.</param>
    /// <param name="programs">The directory of the executor.</param>
    /// <param name="settings">HOCON settings over the node's own.</param>
    public ChaosNode(
        NodeLocation location,
        string store,
        TestAuthority authority,
        string programs,
        string settings
    )
        : this(location, programs)
    {
        authority.GiveTo(_home.Home, name: location.Name);
        File.WriteAllText(
            _home.Settings,
            $$"""
            jobcloud {
              node { name = {{location.Name}}, cores = 6 }
              crash-limit = 100 # The faults crash nodes, not the jobs.
              store { provider = postgresql, connection = "{{store}};Application Name={{location.Name}}" }
            }
            akka.remote.dot-netty.tcp { hostname = "{{location.Address}}", port = {{location.Port}} }
            {{settings}}
            """
        );
    }

    /// <summary>A node of its own cloud, with an embedded store.</summary>
    public static ChaosNode Single(
        string folder,
        string programs,
        string name = "n1",
        string settings = "",
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var nowhere = new NodeLocation(
            folder,
            name,
            "",
            0,
            [],
            variables ?? new Dictionary<string, string>()
        );
        var node = new ChaosNode(nowhere, programs);
        File.WriteAllText(
            node._home.Settings,
            $$"""
            jobcloud {
              node { name = n1, cores = 6 }
              crash-limit = 1000 # The faults crash nodes, not the jobs.
            }
            {{settings}}
            """
        );
        return node;
    }

    private ChaosNode(NodeLocation location, string programs)
    {
        (_location, _programs) = (location, programs);
        _home = new HomePaths(Path.Combine(location.Folder, location.Name));
        Directory.CreateDirectory(_home.Home);
        _channel = GrpcChannel.ForAddress(
            "http://localhost",
            new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler { ConnectCallback = ConnectAsync },
            }
        );
        Client = new Cloud.CloudClient(_channel);
    }

    public string Name => _location.Name;
    public Cloud.CloudClient Client { get; }

    /// <summary>Copies the logs of the node and its executor, if it was started.</summary>
    public void CopyLogs(string to)
    {
        if (!Directory.Exists(_home.Log))
            return;
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(_home.Log))
            File.Copy(file, $"{to}/{Path.GetFileName(file)}", overwrite: true);
    }

    /// <summary>All its processes by pid, including jobs.</summary>
    public IReadOnlyDictionary<int, string> All => Processes.Mentioning(_home.Home);

    /// <summary>Starts the executor, which starts the node.</summary>
    public void Start()
    {
        Directory.CreateDirectory(_home.Log);
        string[] command =
        [
            .. _location.CommandPrefix,
            "/bin/sh",
            "-c",
            "exec \"$0\" --home \"$1\" >>\"$2\" 2>&1",
            Program,
            _home.Home,
            _home.ExecutorLog,
        ];
        var start = new ProcessStartInfo(command[0], command[1..]);
        foreach (var (name, value) in _location.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start);
    }

    /// <summary>Kills all its processes with SIGKILL, including jobs.</summary>
    public void KillAll()
    {
        // Processes started meanwhile are killed in the next pass.
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

    /// <summary>Whether the scheduler, asked through this node, reports this many nodes as
    /// ready.</summary>
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

    public IReadOnlyList<int> NodePids => Look().Nodes;
    public IReadOnlyList<int> ExecutorPids => Look().Executors;

    /// <summary>Its processes without those of jobs, all of one look.</summary>
    public NodeFamily Look()
    {
        var all = All;
        var executors = Of(all, ExecutorProgram);
        return new(
            [.. executors.Where(pid => IsGuard(all[pid]))],
            [.. executors.Where(pid => !IsGuard(all[pid]))],
            Of(all, NodeProgram)
        );
    }

    /// <summary>Sends SIGTERM to the executor, which stops everything.</summary>
    public void Stop()
    {
        foreach (var pid in ExecutorPids)
            Processes.Signal([pid], Processes.Terminate);
    }

    /// <summary>Gives it this file as its store, and nothing else.</summary>
    public void PlaceStore(string journal)
    {
        if (Directory.Exists(_home.Store))
            Directory.Delete(_home.Store, recursive: true);
        Directory.CreateDirectory(_home.Store);
        File.Copy(journal, _home.Journal);
    }

    /// <summary>What <c>jobcloud-node store check</c> finds; empty: nothing.</summary>
    public async Task<string> CheckStoreAsync()
    {
        // On a loaded machine, the store may not answer in time.
        const int Tries = 5;
        for (var at = 1; ; at++)
        {
            var check = await StoreAsync("check");
            if (check.ExitCode == 0)
                return "";
            if (
                at == Tries
                || !check.Output.StartsWith("The store cannot be read", StringComparison.Ordinal)
            )
                return check.Output;
        }
    }

    /// <summary>Runs <c>jobcloud-node store</c>; returns its output, or what else it says if it
    /// fails.</summary>
    public async Task<(int ExitCode, string Output)> StoreAsync(params string[] arguments)
    {
        var node = JobCloudProgram.Node.CandidatePaths(_programs).First(IsThere);
        string[] program = File.Exists(node) ? [node] : ["dotnet", $"{node}.dll"];
        string[] command =
        [
            .. _location.CommandPrefix,
            .. program,
            "store",
            .. arguments,
            "--home",
            _home.Home,
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _location.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = (await process.StandardOutput.ReadToEndAsync()).TrimEnd();
        await process.WaitForExitAsync();
        return (
            process.ExitCode,
            process.ExitCode == 0 ? output : $"{output}{await errors}".TrimEnd()
        );

        static bool IsThere(string path) => File.Exists(path) || File.Exists($"{path}.dll");
    }

    public void Dispose() => _channel.Dispose();

    private string Program => Path.Combine(_programs, ExecutorProgram);

    private static bool IsGuard(string command) =>
        command.Contains(" --guard ", StringComparison.Ordinal);

    private static int[] Of(IReadOnlyDictionary<int, string> all, string program) =>
        [
            .. all.Where(process =>
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
