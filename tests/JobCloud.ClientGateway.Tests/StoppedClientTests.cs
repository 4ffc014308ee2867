using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JobCloud.Chaos;
using JobCloud.Testing;
using Xunit.Abstractions;

namespace JobCloud.ClientGateway.Tests;

/// <summary>The full-screen UI as a process at a terminal, in a cloud of real nodes on one
/// store.</summary>
public sealed class StoppedClientTests(ITestOutputHelper output) : IDisposable
{
    private const string Repaint = "\x12"; // Ctrl-R

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    /// <summary>A silent member is unreachable after 5 s and removed another 5 s (stable-after) and
    /// 2 s (removal-hold) later, as cluster.conf sets; the rest is for a busy machine.</summary>
    private static readonly TimeSpan RemovedAfter = TimeSpan.FromSeconds(12 + 8);

    /// <summary>Without a failure, a node hands over and leaves within two seconds.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-").FullName;
    private readonly List<ChaosNode> _nodes = [];
    private readonly TestAuthority _authority = new();

    [PostgreSqlFact]
    public async Task A_stopped_client_blocks_no_joining_node_and_recovers()
    {
        using var store = PostgreSql.Start();
        await StartAsync(store, "n1");
        var joining = await StartAsync(store, "n2");
        await IsNotDelayedAsync(joining, () => StartAsync(store, "n3"), "3/3 ready");
    }

    [PostgreSqlFact]
    public async Task A_stopped_client_blocks_no_leaving_node()
    {
        using var store = PostgreSql.Start();
        await StartAsync(store, "n1");
        await StartAsync(store, "n2");
        var leaving = await LeaveAsync(await StartedAsync(store, "n3"), nodesLeft: 2);
        await IsNotDelayedAsync(leaving, () => LeaveAsync(_nodes[1], nodesLeft: 1), "1/1 ready");
    }

    [PostgreSqlFact]
    public async Task A_killed_client_blocks_no_joining_or_leaving_node()
    {
        using var store = PostgreSql.Start();
        await StartAsync(store, "n1");
        var joining = await StartAsync(store, "n2");
        using (var screen = Open("n1"))
        {
            await screen.ShowsAsync("LIVE");
            await RepaintsAsync(screen, "2/2 ready");
            Processes.Signal([screen.Pid], Processes.Kill);
        }

        var joiningAfter = await StartAsync(store, "n3");
        using (var screen = Open("n1"))
        {
            await screen.ShowsAsync("LIVE");
            await RepaintsAsync(screen, "3/3 ready");
            Processes.Signal([screen.Pid], Processes.Kill);
        }
        var leavingAfter = await LeaveAsync(_nodes[2], nodesLeft: 2);

        output.WriteLine(
            $"joined in {joiningAfter}, {joining} without a failure; left in {leavingAfter}"
        );
        Assert.True(
            joiningAfter < joining + RemovedAfter,
            $"it took {joiningAfter} to join, and {joining} without a failure"
        );
        Assert.True(leavingAfter < LeftAfter + RemovedAfter, $"it took {leavingAfter} to leave");
    }

    [PostgreSqlFact]
    public async Task A_client_switches_to_another_node_when_its_own_is_lost()
    {
        using var store = PostgreSql.Start();
        await StartAsync(store, "n1");
        await StartAsync(store, "n2");
        using var screen = Open("n1");
        await screen.ShowsAsync("LIVE n1");

        var gone = Stopwatch.StartNew();
        Processes.Signal(_nodes[0].All.Keys.Where(pid => pid != screen.Pid), Processes.Kill);

        await screen.ShowsAsync("STALE");
        await Eventually.HoldsAsync(
            () => screen.Screen.LastIndexOf("LIVE n2", StringComparison.Ordinal) > 0,
            "the client is connected to another node",
            RemovedAfter
        );
        output.WriteLine($"connected again after {gone.Elapsed}");
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            Processes.Signal(node.All.Keys, Processes.Kill);
            node.Dispose();
        }
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Stops a client while a node joins or leaves. That takes no longer than usual, and
    /// the client sees the change afterwards.</summary>
    /// <param name="usual">The time without a stopped client.</param>
    private async Task IsNotDelayedAsync(TimeSpan usual, Func<Task<TimeSpan>> act, string seen)
    {
        using var screen = Open("n1");
        await screen.ShowsAsync("LIVE");
        await RepaintsAsync(screen, "2/2 ready");

        Processes.Signal([screen.Pid], Processes.Stop);
        var took = await act();
        Processes.Signal([screen.Pid], Processes.Continue);

        output.WriteLine($"it took {took}; usually {usual}");
        Assert.True(took < usual + RemovedAfter, $"it took {took}; usually {usual}");
        await RepaintsAsync(screen, seen);
        screen.Type("q");
        Assert.Equal(0, await screen.ExitAsync());
    }

    /// <summary>Starts another node; returns the time until it is ready.</summary>
    private async Task<TimeSpan> StartAsync(PostgreSql store, string name)
    {
        var place = new NodeLocation(
            _folder,
            name,
            "127.0.0.1",
            FreePort(),
            [],
            new Dictionary<string, string>()
        );
        var node = new ChaosNode(
            place,
            store.Connection,
            _authority,
            ChaosCloud.BuiltPrograms(),
            ""
        );
        _nodes.Add(node);
        var watch = Stopwatch.StartNew();
        node.Start();
        await Eventually.HoldsAsync(node.IsReadyAsync, $"{name} is ready", StartLimit);
        return watch.Elapsed;
    }

    private async Task<ChaosNode> StartedAsync(PostgreSql store, string name)
    {
        await StartAsync(store, name);
        return _nodes[^1];
    }

    /// <summary>Stops a node in an orderly way; returns the time until the first node has removed
    /// it.</summary>
    private async Task<TimeSpan> LeaveAsync(ChaosNode node, int nodesLeft)
    {
        await Eventually.HoldsAsync(
            () => _nodes[0].SeesReadyAsync(nodesLeft + 1),
            "all nodes are ready",
            StartLimit
        );
        var watch = Stopwatch.StartNew();
        node.Stop();
        await Eventually.HoldsAsync(
            async () => node.NodePids.Count == 0 && await _nodes[0].SeesReadyAsync(nodesLeft),
            $"{node.Name} has left",
            StartLimit
        );
        return watch.Elapsed;
    }

    // The UI writes only changed cells; a repaint writes whole lines.
    private static async Task RepaintsAsync(PtyProcess screen, string text)
    {
        var limit = Stopwatch.StartNew();
        while (!screen.Screen.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(limit.Elapsed < StartLimit, $"not {text}, but {screen.Screen[^3_000..]}");
            screen.Type(Repaint);
            await Task.Delay(TimeSpan.FromSeconds(0.5));
        }
    }

    private PtyProcess Open(string node) =>
        PtyProcess.Start(
            [Program],
            new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
                ["HOME"] = _folder,
                ["TERM"] = "xterm-256color",
                ["JOBCLOUD_HOME"] = Path.Combine(_folder, node),
            },
            columns: 140,
            rows: 40
        );

    /// <summary>The UI from the build of the tests.</summary>
    private static string Program =>
        Directory
            .EnumerateFiles(
                Path.Combine(AppContext.BaseDirectory, "../../JobCloud.Tui.FullScreen"),
                "jobcloud-tui",
                SearchOption.AllDirectories
            )
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .First();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
