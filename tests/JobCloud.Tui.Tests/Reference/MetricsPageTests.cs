using JobCloud.Protocol.Metrics;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Reference;

/// <summary>The reference page of metrics is their catalogue.</summary>
public sealed class MetricsPageTests
{
    private const string Start = """
        # Metrics

        Generated from the catalogue of metrics. A node serves them in Prometheus' text format
        ([Prometheus](../operations.md#prometheus)). No label has a value that a user chose.


        """;

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_metrics_is_their_catalogue()
    {
        var table = MarkdownTable.Of(
            ["metric", "kind", "meaning", "labels", "reported by"],
            MetricCatalog.All.Select(metric =>
                new[]
                {
                    $"`{metric.Name}`",
                    metric.Kind.ToString().ToLowerInvariant(),
                    metric.Help,
                    string.Join("; ", metric.Labels.Select(Describe)),
                    metric.Source,
                }
            )
        );

        GeneratedPage.Holds("docs/reference/metrics.md", Start + table);
    }

    private static string Describe(MetricLabel label) =>
        label.Values.Count == 0
            ? $"`{label.Name}`"
            : $"`{label.Name}`: {string.Join(", ", label.Values)}";
}
