using System.Text.Json;
using System.Text.RegularExpressions;
using JobCloud.Protocol.Metrics;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Metrics;

/// <summary>The dashboard and the alert rules name metrics of the catalogue, and labels and values
/// that these have.</summary>
public sealed partial class OperationsFilesTests
{
    private const string Dashboard = "docs/operations/dashboard.json";
    private const string Alerts = "docs/operations/alerts.yml";

    private static readonly string[] OfHistogram = ["_bucket", "_sum", "_count"];
    private static readonly string[] OfOthers = [""];

    /// <summary>What Prometheus stores, by name.</summary>
    private static readonly Dictionary<string, Metric> Series = MetricCatalog
        .All.SelectMany(metric =>
            (metric.Kind == MetricKind.Histogram ? OfHistogram : OfOthers).Select(end =>
                (Name: metric.Name + end, Metric: metric)
            )
        )
        .ToDictionary(one => one.Name, one => one.Metric);

    public static TheoryData<string> Expressions =>
        [.. DashboardExpressions().Concat(AlertExpressions()).Distinct()];

    [Fact]
    public void There_is_an_expression_for_each_panel_and_each_alert()
    {
        Assert.True(DashboardExpressions().Count > 10);
        Assert.True(AlertExpressions().Count > 5);
    }

    [Theory, MemberData(nameof(Expressions))]
    public void An_expression_names_metrics_of_the_catalogue(string expression)
    {
        foreach (Match match in MetricName().Matches(expression))
            Assert.Contains(match.Value, Series.Keys);
    }

    [Theory, MemberData(nameof(Expressions))]
    public void An_expression_selects_labels_and_values_that_exist(string expression)
    {
        foreach (Match match in Selector().Matches(expression))
        {
            var metric = Series[match.Groups["name"].Value];
            foreach (Match label in Matcher().Matches(match.Groups["labels"].Value))
                if (label.Groups["label"].Value is not ("job" or "instance"))
                    Assert.Contains(
                        label.Groups["value"].Value,
                        metric.Labels.Single(one => one.Name == label.Groups["label"].Value).Values
                    );
        }
    }

    private static List<string> DashboardExpressions() =>
        [
            .. JsonDocument
                .Parse(File.ReadAllText(SourceTree.PathOf(Dashboard)))
                .RootElement.GetProperty("panels")
                .EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Select(target => target.GetProperty("expr").GetString()!),
        ];

    private static List<string> AlertExpressions() =>
        [
            .. File.ReadLines(SourceTree.PathOf(Alerts))
                .Select(line => line.Trim())
                .Where(line => line.StartsWith("expr: "))
                .Select(line => line["expr: ".Length..]),
        ];

    [GeneratedRegex(@"\b(jobcloud|process)_[a-z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"(?<name>(jobcloud|process)_[a-z_]+)\{(?<labels>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("(?<label>[a-z]+)=\"(?<value>[^\"]*)\"")]
    private static partial Regex Matcher();
}
