using JobCloud.Node.Daemon.Calls;
using JobCloud.Node.Daemon.Gateway.Peers;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Homes;
using JobCloud.Node.Daemon.Hosting;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Settings;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Access;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Tests.Hosting;

/// <summary>A home for one test, with a path short enough for unix sockets.</summary>
public sealed class TestHome : IDisposable
{
    public TestHome() => Directory.CreateDirectory(Path);

    public string Path { get; } = $"/tmp/jc-{Guid.NewGuid().ToString("N")[..12]}";

    public StringWriter Log { get; } = new();

    internal NodeLog NodeLog =>
        new(TextWriter.Synchronized(Log), LogLevel.Warning, TimeProvider.System);

    /// <summary>The connections of an endpoint.</summary>
    internal OpenConnections Connections(int most = 1_000) =>
        new("The endpoint", ConnectionLimits.Of(most, long.MaxValue), NodeLog);

    internal PeerIdentifier Peers => new(new HomePaths(Path));

    internal NodeSettings Settings(params string[] arguments) =>
        NodeSettings.Read(
            HoconLoader.Load(
                ["--home", Path, "--mode", "test", .. arguments],
                new Dictionary<string, string>()
            ),
            new HostResources("here", Cores: 4, MemoryBytes: 8L << 30)
            {
                Names = NodeNameFile.Read(new HomePaths(Path)),
            }
        );

    internal static StoreDamage NoDamage =>
        new(
            new StorePlace("a store", null),
            new NodeLog(TextWriter.Null, LogLevel.Error, TimeProvider.System)
        );

    internal static RequestErrorMapper ErrorMapper(NodeLog log) => new(log, NoDamage);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
