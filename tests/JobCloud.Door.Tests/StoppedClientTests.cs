using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using JobCloud.Chaos;
using JobCloud.Testing;
using Xunit.Abstractions;

namespace JobCloud.Door.Tests;

/// <summary>The full-screen UI as a process at a terminal, in a cloud of real nodes on one
/// store.</summary>
public sealed class StoppedClientTests(ITestOutputHelper output) : IDisposable
{
    private const string PaintAnew = "\x12"; // Ctrl-R

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    /// <summary>A silent member is unreachable after 5 s, and removed stable-after 5 s and
    /// removal-hold 2 s later (cluster.conf); the rest is for a machine that is busy.</summary>
    private static readonly TimeSpan RemovedAfter = TimeSpan.FromSeconds(12 + 8);

    /// <summary>A node hands over and leaves in a second or two when all are well.</summary>
    private static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("jc-").FullName;
    private readonly List<ChaosNode> _nodes = [];

    [PostgreSqlFact]
    public async Task A_client_that_is_stopped_keeps_no_node_from_joining_and_comes_back_itself()
    {
        using var store = PostgreSql.Start();
        await StartAsync(store, "n1");
        var joining = await StartAsync(store, "n2");
        await DisturbsNotAsync(joining, () => StartAsync(store, "n3"), "3/3 ready");
    }

    [PostgreSqlFact]
    public async Task A_client_that_is_stopped_keeps_no_node_from_leaving()
    {
        using var store = PostgreSql.Start();
        await StartAsync(store, "n1");
        await StartAsync(store, "n2");
        var leaving = await LeaveAsync(await StartedAsync(store, "n3"), nodesLeft: 2);
        await DisturbsNotAsync(leaving, () => LeaveAsync(_nodes[1], nodesLeft: 1), "1/1 ready");
    }

    [PostgreSqlFact]
    public async Task A_client_that_is_killed_keeps_no_node_from_joining_or_leaving()
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
            $"joined in {joiningAfter}, {joining} when all were well; left in {leavingAfter}"
        );
        Assert.True(
            joiningAfter < joining + RemovedAfter,
            $"it took {joiningAfter} to join, and {joining} when all were well"
        );
        Assert.True(leavingAfter < LeftAfter + RemovedAfter, $"it took {leavingAfter} to leave");
    }

    [PostgreSqlFact]
    public async Task The_node_that_it_talks_to_is_lost_and_another_tells_it_on()
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
            "another node tells it on",
            RemovedAfter
        );
        output.WriteLine($"told on after {gone.Elapsed}");
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            Processes.Signal(node.All.Keys, Processes.Kill);
            node.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A client of two nodes is stopped while one joins or leaves: it takes no longer for
    /// that, and the client sees it afterwards.</summary>
    /// <param name="usual">How long it takes when all are well.</param>
    private async Task DisturbsNotAsync(TimeSpan usual, Func<Task<TimeSpan>> act, string seen)
    {
        using var screen = Open("n1");
        await screen.ShowsAsync("LIVE");
        await RepaintsAsync(screen, "2/2 ready");

        Processes.Signal([screen.Pid], Processes.Stop);
        var took = await act();
        Processes.Signal([screen.Pid], Processes.Continue);

        output.WriteLine($"it took {took}; {usual} when all were well");
        Assert.True(took < usual + RemovedAfter, $"it took {took}; {usual} when all were well");
        await RepaintsAsync(screen, seen);
        screen.Type("q");
        Assert.Equal(0, await screen.ExitAsync());
    }

    /// <summary>Another node; how long it took to be ready.</summary>
    private async Task<TimeSpan> StartAsync(PostgreSql store, string name)
    {
        var place = new NodePlace(
            _folder,
            name,
            "127.0.0.1",
            FreePort(),
            [],
            new Dictionary<string, string>()
        );
        var node = new ChaosNode(place, store.Connection, ChaosCloud.BuiltPrograms(), "");
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

    /// <summary>Has a node end in order; how long until it is gone, and the first one knows
    /// so.</summary>
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

    // Only cells that change are written: for a whole line all is painted anew.
    private static async Task RepaintsAsync(PtyProcess screen, string text)
    {
        var limit = Stopwatch.StartNew();
        while (!screen.Screen.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(limit.Elapsed < StartLimit, $"not {text}, but {screen.Screen[^3_000..]}");
            screen.Type(PaintAnew);
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

    /// <summary>The UI that was built beside the tests.</summary>
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
