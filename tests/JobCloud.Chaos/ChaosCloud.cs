using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using JobCloud.Testing;

namespace JobCloud.Chaos;

/// <summary>The configuration of a cloud.</summary>
/// <param name="Programs">The directory of the executor, built or published.</param>
/// <param name="Settings">HOCON settings over the nodes' own.</param>
/// <param name="OwnClocks">Whether each node's clock can be set, if this machine supports
/// it.</param>
/// <param name="KeepLogsIn">The directory to which the nodes' logs are copied at the end; null:
/// none.</param>
public sealed record CloudConfiguration(
    int Nodes,
    string Programs,
    string Settings = "",
    bool OwnClocks = false,
    string? KeepLogsIn = null
);

/// <summary>Nodes of real processes on one store, each as if on its own machine.</summary>
public sealed class ChaosCloud : IDisposable
{
    private const int NodePort = 8558;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly CloudConfiguration _shape;
    private readonly TestAuthority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("jc-chaos-").FullName;

    public ChaosCloud(CloudConfiguration shape)
    {
        _shape = shape;
        Network = Network.IsHere ? Network.Make(shape.Nodes) : null;
        Store = PostgreSql.Start(Network?.AddressOf(Network.Store), onSmallDisk: true);
        Clock = shape.OwnClocks && FakeClock.IsHere ? new FakeClock(_folder) : null;
        var ports = Network is null ? FreePorts(shape.Nodes) : null;
        Nodes =
        [
            .. Enumerable
                .Range(0, shape.Nodes)
                .Select(i => new ChaosNode(
                    new NodeLocation(
                        _folder,
                        $"n{i + 1}",
                        Network?.AddressOf(i) ?? "127.0.0.1",
                        ports?[i] ?? NodePort,
                        Network?.CommandPrefix(i) ?? [],
                        Clock?.VariablesOf(i) ?? new Dictionary<string, string>()
                    ),
                    Store.Connection,
                    _authority,
                    shape.Programs,
                    shape.Settings
                )),
        ];
    }

    public IReadOnlyList<ChaosNode> Nodes { get; }
    public PostgreSql Store { get; }

    /// <summary>Null: all nodes use the loopback device, and nothing can be cut off.</summary>
    public Network? Network { get; }

    /// <summary>Null: all nodes use the machine's clock.</summary>
    public FakeClock? Clock { get; }

    /// <summary>The directory of the trace files that jobs write.</summary>
    public string Traces => Path.Combine(_folder, "traces");

    /// <summary>Whether this kind of fault is possible here.</summary>
    public bool Allows(FaultKind kind) =>
        FaultKinds.Of(kind).Needs switch
        {
            Requirement.Network => Network is not null,
            Requirement.Clock => Clock is not null,
            Requirement.SmallDisk => Store.CanFill,
            _ => true,
        };

    /// <summary>Starts the nodes one after another: the first is the oldest, and has the
    /// scheduler.</summary>
    public async Task StartAsync()
    {
        foreach (var node in Nodes)
        {
            node.Start();
            await IsReadyAsync(node);
        }
    }

    public static Task IsReadyAsync(ChaosNode node) =>
        Eventually.HoldsAsync(node.IsReadyAsync, $"{node.Name} is ready", StartLimit);

    /// <summary>Waits until the scheduler, asked through this node, reports all nodes as
    /// ready.</summary>
    public Task AllReadyAsync(ChaosNode through) =>
        Eventually.HoldsAsync(
            () => through.SeesReadyAsync(Nodes.Count),
            "all nodes are ready for jobs",
            StartLimit
        );

    /// <summary>The nodes that do not come back, although all faults are repaired.</summary>
    public async Task<IReadOnlyList<string>> AbsentAsync()
    {
        var back = await Task.WhenAll(Nodes.Select(ComesBackAsync));
        return [.. Nodes.Zip(back).Where(pair => !pair.Second).Select(pair => pair.First.Name)];

        static async Task<bool> ComesBackAsync(ChaosNode node)
        {
            try
            {
                await IsReadyAsync(node);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    /// <summary>Stops the nodes and returns the processes that remain.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        foreach (var node in Nodes)
            node.Stop();
        try
        {
            await Eventually.HoldsAsync(
                () => Nodes.All(node => node.All.Count == 0),
                "all processes exited",
                StopLimit
            );
            return [];
        }
        catch (TimeoutException)
        {
            return [.. Nodes.SelectMany(node => node.All.Values)];
        }
    }

    /// <summary>The directory of the executor in the same build as this program.</summary>
    public static string BuiltPrograms([CallerFilePath] string here = "")
    {
        var root = Path.GetFullPath($"{Path.GetDirectoryName(here)}/../..");
        var pivot = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')).Split('_')[0];
        return Directory
            .EnumerateDirectories($"{root}/artifacts/bin/JobCloud.Node.Executor")
            .First(path => Path.GetFileName(path).StartsWith(pivot, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            node.KillAll();
            if (_shape.KeepLogsIn is { } logs)
                node.CopyLogs($"{logs}/{node.Name}");
            node.Dispose();
        }
        Store.Dispose();
        Network?.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable
            .Range(0, count)
            .Select(_ => new TcpListener(IPAddress.Loopback, 0))
            .ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners
            .Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)
            .ToArray();
        foreach (var listener in listeners)
            listener.Stop();
        return ports;
    }
}
