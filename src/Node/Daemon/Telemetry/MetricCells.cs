using System.Collections.Concurrent;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Node.Daemon.Telemetry;

/// <summary>The values of one metric, one cell per combination of labels.</summary>
internal sealed class MetricCells(Metric metric)
{
    private static readonly Comparison<MetricSample> ByLabels = (a, b) =>
        string.CompareOrdinal(string.Join('\n', a.Labels), string.Join('\n', b.Labels));

    private readonly ConcurrentDictionary<(string First, string Second), LabelledValue> _cells = [];
    private LabelledValue? _only;

    /// <summary>Adds to a counter.</summary>
    public void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var cell = Find(tags);
        lock (cell)
            cell.Value += value;
    }

    /// <summary>Records a value of a histogram, or sets what was observed.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var cell = Find(tags);
        lock (cell)
        {
            if (cell.Counts is not { } counts)
            {
                cell.Value = value;
                return;
            }
            cell.Value += value;
            counts[IndexOf(value)]++;
        }
    }

    /// <summary>Forgets what was observed: it is observed again now.</summary>
    public void BeginRead()
    {
        if (metric.Kind != MetricKind.Gauge)
            return;
        _only = null;
        _cells.Clear();
    }

    /// <summary>All values, in the order of their labels.</summary>
    public IReadOnlyList<MetricSample> Read()
    {
        var samples = new List<MetricSample>();
        foreach (var ((first, second), cell) in _cells)
        {
            string[] labels = [first, second];
            lock (cell)
                samples.Add(new(labels[..metric.Labels.Count], cell.Value, cell.Counts?.ToArray()));
        }
        samples.Sort(ByLabels);
        return samples;
    }

    private LabelledValue Find(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        tags.Length == 0
            ? _only ??= Of(("", ""))
            : Of((Text(tags[0]), tags.Length > 1 ? Text(tags[1]) : ""));

    private LabelledValue Of((string, string) labels) =>
        _cells.GetOrAdd(labels, static (_, metric) => new LabelledValue(metric), metric);

    private static string Text(KeyValuePair<string, object?> tag) => (string)tag.Value!;

    private int IndexOf(double value)
    {
        var at = 0;
        while (at < metric.Limits.Count && value > metric.Limits[at])
            at++;
        return at;
    }

    private sealed class LabelledValue(Metric metric)
    {
        public double Value;

        public long[]? Counts { get; } =
            metric.Kind == MetricKind.Histogram ? new long[metric.Limits.Count + 1] : null;
    }
}
