using Akka.Actor;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Protocol.Homes;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.ClientGateway.Tests;

/// <summary>A node with its own home, and clients of it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private static readonly TestAuthority Authority = new();

    private readonly string _name;
    private readonly string[] _settings;

    private TestNode(string name, string[] settings)
    {
        (_name, _settings) = (name, settings);
        Directory.CreateDirectory(Paths.Home);
        Authority.GiveTo(Paths.Home);
    }

    // The path of a Unix socket is limited.
    public HomePaths Paths { get; } = new($"/tmp/jc-{Guid.NewGuid().ToString("N")[..12]}");
    public InstantExecutor Executor { get; } = new();
    public StringWriter Log { get; } = new();
    public NodeHost Host { get; private set; } = null!;

    public Akka.Cluster.Cluster Cluster => Akka.Cluster.Cluster.Get(Host.System);

    public static async Task<TestNode> StartAsync(string name = "n1", params string[] settings)
    {
        var node = new TestNode(name, settings);
        await node.StartAsync();
        return node;
    }

    /// <summary>Starts another node of the same cloud.</summary>
    public Task<TestNode> JoinedByAsync(string other) =>
        StartAsync(other, "--set", $"jobcloud.cluster.seed-nodes=[\"{Cluster.SelfAddress}\"]");

    public async Task StartAsync()
    {
        Host = await NodeHost.StartAsync(
            NodeSettings.Read(
                HoconLoader.Load(
                    ["--home", Paths.Home, "--mode", "test", "--name", _name, .. _settings],
                    new Dictionary<string, string>()
                ),
                new HostResources("here", Cores: 4, MemoryBytes: 8L << 30)
            ),
            new NodeLog(TextWriter.Synchronized(Log), LogLevel.Warning, TimeProvider.System),
            CancellationToken.None,
            _ => Executor
        );
    }

    public ClusterCloud Client() =>
        ClusterCloud.Join(
            ConnectionOptions.Of(Paths),
            AppContext.BaseDirectory,
            new UiLog(Path.Combine(Paths.Home, "tui.log"), TimeProvider.System),
            TimeProvider.System
        );

    /// <summary>A member of the cluster with the role client and nothing else.</summary>
    public ActorSystem BareClient()
    {
        var system = ClientSystem.Create(
            Cluster.SelfAddress,
            new UiLog(null, TimeProvider.System),
            Paths,
            clients: false
        );
        Akka.Cluster.Cluster.Get(system).JoinSeedNodes([Cluster.SelfAddress]);
        return system;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        var uiLog = Path.Combine(Paths.Home, "tui.log");
        var lines = $"{Log}{(File.Exists(uiLog) ? await File.ReadAllTextAsync(uiLog) : "")}";
        Directory.Delete(Paths.Home, recursive: true);
        // Members that send each other a message without a rule.
        Assert.DoesNotContain("Refused from", lines);
    }
}
