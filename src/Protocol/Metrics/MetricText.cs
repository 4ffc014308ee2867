using System.Buffers;
using System.Globalization;
using System.Text;

namespace JobCloud.Protocol.Metrics;

/// <summary>Writes metrics in Prometheus' text format.</summary>
public static class MetricText
{
    /// <summary>The media type of the text.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes one metric; nothing if it has no samples.</summary>
    public static void Write(
        IBufferWriter<byte> output,
        Metric metric,
        IReadOnlyList<MetricSample> samples
    )
    {
        if (samples.Count == 0)
            return;
        var text = new StringBuilder();
        text.Append($"# HELP {metric.Name} {metric.Help}\n");
        text.Append($"# TYPE {metric.Name} {metric.Kind.ToString().ToLowerInvariant()}\n");
        foreach (var sample in samples)
            if (sample.Counts is { } counts)
                AddHistogram(text, metric, sample, counts);
            else
                AddLine(text, metric.Name, Labels(metric, sample), Number(sample.Value));
        Encoding.UTF8.GetBytes(text.ToString(), output);
    }

    private static void AddHistogram(
        StringBuilder text,
        Metric metric,
        MetricSample sample,
        IReadOnlyList<long> counts
    )
    {
        var labels = Labels(metric, sample);
        var comma = labels.Length > 0 ? "," : "";
        var total = 0L;
        for (var at = 0; at < counts.Count; at++)
        {
            total += counts[at];
            var limit = at < metric.Limits.Count ? Number(metric.Limits[at]) : "+Inf";
            AddLine(text, $"{metric.Name}_bucket", $"{labels}{comma}le=\"{limit}\"", Number(total));
        }
        AddLine(text, $"{metric.Name}_sum", labels, Number(sample.Value));
        AddLine(text, $"{metric.Name}_count", labels, Number(total));
    }

    private static void AddLine(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(Metric metric, MetricSample sample) =>
        string.Join(
            ',',
            metric.Labels.Zip(sample.Labels, (label, value) => $"{label.Name}=\"{Escape(value)}\"")
        );

    private static string Escape(string value) =>
        value.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
