using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using System.Text;
using JobCloud.Node.Daemon.Telemetry;
using JobCloud.Protocol;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Metrics;
using JobCloud.Protocol.Text;

namespace JobCloud.Node.Tests.Telemetry;

public sealed class NodeMetersTests : IDisposable
{
    private readonly NodeMeters _meters = new();
    private readonly MetricsCollector _collector;

    public NodeMetersTests() => _collector = new MetricsCollector(_meters);

    public void Dispose()
    {
        _collector.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void Each_metric_of_the_catalogue_has_one_instrument()
    {
        var found = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter, _meters.Meter))
                found.Add(instrument.Name);
        };
        listener.Start();
        Assert.Equal(MetricCatalog.All.Select(metric => metric.Name).Order(), found.Order());
    }

    [Fact]
    public async Task Counters_and_histograms_sum_up_per_label()
    {
        _meters.Add(MetricCatalog.Requests, 2, "Kill", "ok");
        _meters.Add(MetricCatalog.Requests, 1, "Kill", "ok");
        _meters.Add(MetricCatalog.Requests, 1, "Kill", "busy");
        _meters.Record(MetricCatalog.RoundSeconds, 0.001);
        _meters.Record(MetricCatalog.RoundSeconds, 0.0011);
        _meters.Record(MetricCatalog.RoundSeconds, 99);
        var text = await ReadAsync();
        Assert.Contains("jobcloud_requests_total{call=\"Kill\",code=\"ok\"} 3\n", text);
        Assert.Contains("jobcloud_requests_total{call=\"Kill\",code=\"busy\"} 1\n", text);
        Assert.Contains("jobcloud_scheduler_round_seconds_bucket{le=\"0.001\"} 1\n", text);
        Assert.Contains("jobcloud_scheduler_round_seconds_bucket{le=\"0.0025\"} 2\n", text);
        Assert.Contains("jobcloud_scheduler_round_seconds_bucket{le=\"+Inf\"} 3\n", text);
        Assert.Contains("jobcloud_scheduler_round_seconds_count 3\n", text);
    }

    [Fact]
    public async Task A_gauge_shows_only_current_values()
    {
        var connections = new List<MetricSample> { new(["tcp"], 7) };
        _meters.Observe(MetricCatalog.Connections, () => connections);
        Assert.Contains("jobcloud_connections{endpoint=\"tcp\"} 7\n", await ReadAsync());
        connections[0] = new(["socket"], 2);
        var text = await ReadAsync();
        Assert.Contains("jobcloud_connections{endpoint=\"socket\"} 2\n", text);
        Assert.DoesNotContain("endpoint=\"tcp\"", text);
    }

    [Fact]
    public async Task A_value_that_cannot_be_read_is_left_out_and_the_others_are_not()
    {
        _meters.Observe(MetricCatalog.DiskBytes, MissingDisk);
        _meters.Observe(MetricCatalog.IndexPending, () => 5);
        var text = await ReadAsync();
        Assert.DoesNotContain("jobcloud_disk_bytes", text);
        Assert.Contains("jobcloud_index_pending_rows 5\n", text);
    }

    [Fact]
    public async Task Two_nodes_in_one_process_count_apart()
    {
        using var other = new NodeMeters();
        other.Add(MetricCatalog.Submitted, 9);
        _meters.Add(MetricCatalog.Submitted, 1);
        Assert.Contains("jobcloud_jobs_submitted_total 1\n", await ReadAsync());
    }

    [Fact]
    public async Task Unfinished_jobs_are_the_sum_over_the_segments_on_this_node()
    {
        _meters.Observe(MetricCatalog.Jobs, _meters.UnfinishedJobs.Read);
        var first = new UnfinishedJobs.Share(_meters.UnfinishedJobs);
        var second = new UnfinishedJobs.Share(_meters.UnfinishedJobs);
        first.Set(Totals(queued: 5));
        second.Set(Totals(queued: 2));
        first.Set(Totals(queued: 3));
        Assert.Contains("jobcloud_jobs{status=\"queued\"} 5\n", await ReadAsync());
        second.Clear();
        Assert.Contains("jobcloud_jobs{status=\"queued\"} 3\n", await ReadAsync());
    }

    [Fact]
    public void Unfinished_statuses_come_first() =>
        Assert.All(
            Enum.GetValues<Status>().Where(status => status != Status.Unspecified),
            status =>
                Assert.Equal(
                    !status.IsFinished(),
                    MetricCatalog.Jobs.Labels[0].Values.Contains(StatusNames.Of(status))
                )
        );

    [Fact]
    public void Usage_of_the_machine_is_read_from_proc()
    {
        Assert.Equal(
            3.21,
            MachineUsage.CpuSeconds("cpu  100 20 30 99999 999 40 50 81 7 7"),
            precision: 6
        );
        Assert.Equal(
            700 * 1024,
            MachineUsage.MemoryBytes([
                "MemTotal: 1000 kB",
                "MemFree: 100 kB",
                "MemAvailable: 300 kB",
            ])
        );
        Assert.True(MachineUsage.CpuSeconds() > 0);
        Assert.True(MachineUsage.MemoryBytes() > 0);
    }

    private static double MissingDisk() => throw new IOException("no disk");

    private static int[] Totals(int queued)
    {
        var totals = new int[Statuses.Count];
        totals[(int)Status.Queued] = queued;
        return totals;
    }

    private async Task<string> ReadAsync()
    {
        using var memory = new MemoryStream();
        var pipe = PipeWriter.Create(memory);
        await _collector.WriteAsync(pipe, default);
        return Encoding.UTF8.GetString(memory.ToArray());
    }
}
