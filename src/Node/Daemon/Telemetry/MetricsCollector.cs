using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>Sums what a node's instruments report from its start on, and writes all of it as
/// text.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly Lock _reading = new();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, MetricCells> _cells = MetricCatalog.All.ToDictionary(
        metric => metric.Name,
        metric => new MetricCells(metric)
    );

    public MetricsCollector(NodeMeters meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meters.Meter))
                listener.EnableMeasurementEvents(instrument, _cells[instrument.Name]);
        };
        _listener.SetMeasurementEventCallback<long>(
            static (_, value, tags, cells) => ((MetricCells)cells!).Add(value, tags)
        );
        _listener.SetMeasurementEventCallback<double>(
            static (_, value, tags, cells) => ((MetricCells)cells!).Record(value, tags)
        );
        _listener.Start();
    }

    /// <summary>Writes all metrics in Prometheus' text format, as <see
    /// cref="MetricText.MediaType"/>. Asks no other node.</summary>
    public async Task WriteAsync(PipeWriter output, CancellationToken cancel)
    {
        foreach (var (metric, samples) in Read())
            MetricText.Write(output, metric, samples);
        await output.FlushAsync(cancel);
    }

    private List<(Metric Metric, IReadOnlyList<MetricSample> Samples)> Read()
    {
        lock (_reading)
        {
            foreach (var cells in _cells.Values)
                cells.BeginRead();
            _listener.RecordObservableInstruments();
            return [.. MetricCatalog.All.Select(metric => (metric, _cells[metric.Name].Read()))];
        }
    }

    public void Dispose() => _listener.Dispose();
}
