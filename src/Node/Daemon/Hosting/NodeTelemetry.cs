using System.Diagnostics;
using JobCloud.Node.Daemon.Gateway;
using JobCloud.Node.Daemon.Gateway.Server;
using JobCloud.Node.Daemon.Logs;
using JobCloud.Node.Daemon.Membership;
using JobCloud.Node.Daemon.Store;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Node.Daemon.Hosting;

/// <summary>The metrics of a node, what is read for them from the machine, and their plain
/// endpoint.</summary>
internal sealed class NodeTelemetry : IAsyncDisposable
{
    private readonly List<(string Endpoint, OpenConnections Open)> _connections = [];
    private MetricsEndpoint? _endpoint;

    public NodeTelemetry(NodeSettings settings, NodeFacts facts)
    {
        Collector = new MetricsCollector(Meters);
        var (paths, reserve) = (settings.Paths, settings.Agent.Limits.DiskReserveBytes);
        Meters.Observe(MetricCatalog.Jobs, Meters.UnfinishedJobs.Read);
        Meters.Observe(MetricCatalog.MachineCpuSeconds, MachineUsage.CpuSeconds);
        Meters.Observe(MetricCatalog.StoreBytes, () => StoreFiles(paths));
        Meters.Observe(MetricCatalog.DiskBytes, () => Disk(paths.Home, reserve));
        Meters.Observe(
            MetricCatalog.BuildInfo,
            () => [new MetricSample([NodeIdentity.Version], 1)]
        );
        Meters.Observe(
            MetricCatalog.CertificateExpiry,
            () =>
                facts.CertificateUntil?.Invoke() is { } until
                    ? [new MetricSample([], until.ToUnixTimeSeconds())]
                    : []
        );
        Meters.Observe(MetricCatalog.ProcessMemory, () => Environment.WorkingSet);
        Meters.Observe(
            MetricCatalog.ProcessCpuSeconds,
            () => Environment.CpuUsage.TotalTime.TotalSeconds
        );
        Meters.Observe(MetricCatalog.ProcessStart, ProcessStart);
        Meters.Observe(MetricCatalog.Connections, ConnectionCounts);
    }

    public NodeMeters Meters { get; } = new();

    /// <summary>Writes the metrics.</summary>
    public MetricsCollector Collector { get; }

    /// <summary>Sends spans of jobs; null: the settings name no collector.</summary>
    public SpanExporter? Spans { get; private set; }

    /// <summary>Counts the connections of an endpoint.</summary>
    public OpenConnections Watch(string endpoint, OpenConnections connections)
    {
        lock (_connections)
            _connections.Add((endpoint, connections));
        return connections;
    }

    /// <summary>Adds the size of a shared store to that of the files.</summary>
    public void Watch(DatabaseSize database, HomePaths paths) =>
        Meters.Observe(
            MetricCatalog.StoreBytes,
            () =>
                database.Read() is { } bytes
                    ? StoreFiles(paths).Append(new MetricSample(["database"], bytes))
                    : StoreFiles(paths)
        );

    /// <summary>Starts the plain endpoint, if the settings have one.</summary>
    /// <exception cref="Homes.CannotStartException">Its address cannot be used.</exception>
    public async Task StartEndpointAsync(
        MetricsSettings settings,
        Func<bool> isReady,
        CancellationToken cancel
    )
    {
        if (settings.Address is { } address)
            _endpoint = await MetricsEndpoint.StartAsync(address, Collector, isReady, cancel);
    }

    /// <summary>Starts to send spans, if the settings name a collector.</summary>
    public void StartSpans(NodeSettings settings, NodeLog log, TimeProvider clock)
    {
        if (settings.Traces.Endpoint is { } endpoint)
            Spans = new(endpoint, settings.Node.Name, NodeIdentity.Version, log, clock);
    }

    public async ValueTask DisposeAsync()
    {
        if (Spans is not null)
            await Spans.DisposeAsync();
        if (_endpoint is not null)
            await _endpoint.DisposeAsync();
        Collector.Dispose();
        Meters.Dispose();
    }

    private List<MetricSample> ConnectionCounts()
    {
        lock (_connections)
            return
            [
                .. _connections.Select(one => new MetricSample([one.Endpoint], one.Open.Count)),
            ];
    }

    private static IEnumerable<MetricSample> StoreFiles(HomePaths paths) =>
        new[] { ("journal", paths.Journal), ("index", paths.Index), ("outputs", paths.OutputStore) }
            .Select(file => (Name: file.Item1, Parts: (string[])[file.Item2, $"{file.Item2}-wal"]))
            .Where(file => File.Exists(file.Parts[0]))
            .Select(file => new MetricSample(
                [file.Name],
                file.Parts.Where(File.Exists).Sum(part => new FileInfo(part).Length)
            ));

    private static MetricSample[] Disk(string home, long reserve)
    {
        var disk = new DriveInfo(home);
        return
        [
            new(["total"], disk.TotalSize),
            new(["free"], disk.AvailableFreeSpace),
            new(["reserve"], DiskReserve.Of(reserve, disk.TotalSize).Bytes),
        ];
    }

    private static double ProcessStart()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1e3;
    }
}
