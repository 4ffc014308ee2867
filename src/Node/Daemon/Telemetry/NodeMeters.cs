using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>The instruments of one node: one for each metric of the catalogue.</summary>
internal sealed class NodeMeters : IDisposable
{
    /// <summary>The name of the meter, for tools that listen to it.</summary>
    public const string Name = "JobCloud";

    /// <summary>Instruments without a reader.</summary>
    public static readonly NodeMeters None = new();

    private static readonly Metric[] ObservedCounters =
    [
        MetricCatalog.MachineCpuSeconds,
        MetricCatalog.ProcessCpuSeconds,
    ];

    private readonly FrozenDictionary<Metric, Instrument> _instruments;
    private readonly ConcurrentDictionary<Metric, Func<IEnumerable<MetricSample>>> _sources = [];

    public NodeMeters() =>
        _instruments = MetricCatalog.All.ToFrozenDictionary(metric => metric, Create);

    public Meter Meter { get; } = new(Name);

    /// <summary>The unfinished jobs of the segments on this node.</summary>
    public UnfinishedJobs UnfinishedJobs { get; } = new();

    /// <summary>Adds to a counter.</summary>
    public void Add(Metric metric, long count) => ((Counter<long>)_instruments[metric]).Add(count);

    /// <inheritdoc cref="Add(Metric, long)"/>
    /// <param name="label">The value of the metric's one label.</param>
    public void Add(Metric metric, long count, string label) =>
        ((Counter<long>)_instruments[metric]).Add(count, Tag(metric, 0, label));

    /// <inheritdoc cref="Add(Metric, long)"/>
    public void Add(Metric metric, long count, string first, string second) =>
        ((Counter<long>)_instruments[metric]).Add(
            count,
            Tag(metric, 0, first),
            Tag(metric, 1, second)
        );

    /// <summary>Records a value in a histogram.</summary>
    public void Record(Metric metric, double value) =>
        ((Histogram<double>)_instruments[metric]).Record(value);

    /// <inheritdoc cref="Record(Metric, double)"/>
    public void Record(Metric metric, double value, string label) =>
        ((Histogram<double>)_instruments[metric]).Record(value, Tag(metric, 0, label));

    /// <summary>Adds what a commit changed.</summary>
    public void Add(JobTally tally)
    {
        if (tally.Submitted > 0)
            Add(MetricCatalog.Submitted, tally.Submitted);
        if (tally.Started > 0)
            Add(MetricCatalog.Started, tally.Started);
        foreach (var ((status, reason), jobs) in tally.Finished)
            Add(
                MetricCatalog.Finished,
                jobs,
                Protocol.Text.StatusNames.Of(status),
                Protocol.Reasons.ReasonText.CodeName(reason)
            );
        foreach (var seconds in tally.QueueSeconds)
            Record(MetricCatalog.QueueSeconds, seconds);
        foreach (var seconds in tally.RunSeconds)
            Record(MetricCatalog.RunSeconds, seconds);
        if (tally.RunSeconds.Count == 0)
            return;
        Add(MetricCatalog.OutputBytes, tally.StdoutBytes, "stdout");
        Add(MetricCatalog.OutputBytes, tally.StderrBytes, "stderr");
        Add(MetricCatalog.OutputBytes, tally.ResultBytes, "result");
    }

    /// <summary>Sets what is read when the metric is: it must be cheap, and any thread calls
    /// it.</summary>
    public void Observe(Metric metric, Func<IEnumerable<MetricSample>> read) =>
        _sources[metric] = read;

    /// <inheritdoc cref="Observe(Metric, Func{IEnumerable{MetricSample}})"/>
    public void Observe(Metric metric, Func<double> read) =>
        Observe(metric, () => [new MetricSample([], read())]);

    public void Dispose() => Meter.Dispose();

    private Instrument Create(Metric metric) =>
        metric.Kind switch
        {
            MetricKind.Histogram => Meter.CreateHistogram<double>(
                metric.Name,
                description: metric.Help
            ),
            MetricKind.Gauge => Meter.CreateObservableGauge(
                metric.Name,
                () => Read(metric),
                description: metric.Help
            ),
            _ when ObservedCounters.Contains(metric) => Meter.CreateObservableCounter(
                metric.Name,
                () => Read(metric),
                description: metric.Help
            ),
            _ => Meter.CreateCounter<long>(metric.Name, description: metric.Help),
        };

    // A value that cannot be read now is left out.
    private List<Measurement<double>> Read(Metric metric)
    {
        try
        {
            return _sources.TryGetValue(metric, out var read)
                ?
                [
                    .. read()
                        .Select(sample => new Measurement<double>(
                            sample.Value,
                            sample.Labels.Select((value, at) => Tag(metric, at, value))
                        )),
                ]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static KeyValuePair<string, object?> Tag(Metric metric, int at, string value) =>
        new(metric.Labels[at].Name, value);
}
