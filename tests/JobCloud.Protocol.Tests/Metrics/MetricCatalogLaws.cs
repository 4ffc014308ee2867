using System.Text.RegularExpressions;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Protocol.Tests.Metrics;

public sealed partial class MetricCatalogLaws
{
    /// <summary>More than this many lines of one metric would burden every Prometheus.</summary>
    private const int SeriesMax = 800;

    private static readonly string[] NamesOfUsersThings =
    [
        "jid",
        "job",
        "label",
        "user",
        "owner",
        "command",
        "path",
        "address",
    ];

    public static TheoryData<string> Names => [.. MetricCatalog.All.Select(metric => metric.Name)];

    [Fact]
    public void Names_are_unique() =>
        Assert.Equal(
            MetricCatalog.All.Count,
            MetricCatalog.All.DistinctBy(metric => metric.Name).Count()
        );

    [Theory, MemberData(nameof(Names))]
    public void A_name_is_one_that_prometheus_accepts_and_ends_with_its_kind(string name)
    {
        var metric = Of(name);
        Assert.Matches(Name(), name);
        Assert.Equal(metric.Kind == MetricKind.Counter, name.EndsWith("_total"));
        Assert.Equal(metric.Kind == MetricKind.Histogram, metric.Limits.Count > 0);
        if (metric.Kind == MetricKind.Histogram)
            Assert.EndsWith("_seconds", name);
    }

    [Theory, MemberData(nameof(Names))]
    public void Its_help_is_one_line_that_ends_with_a_full_stop(string name)
    {
        Assert.EndsWith(".", Of(name).Help);
        Assert.DoesNotContain("\n", Of(name).Help);
    }

    [Theory, MemberData(nameof(Names))]
    public void Limits_ascend(string name) =>
        Assert.Equal(Of(name).Limits.Distinct().Order(), Of(name).Limits);

    [Theory, MemberData(nameof(Names))]
    public void Labels_have_few_values_that_no_user_chooses(string name)
    {
        var metric = Of(name);
        Assert.InRange(metric.Labels.Count, 0, 2);
        foreach (var label in metric.Labels)
        {
            Assert.DoesNotContain(label.Name, NamesOfUsersThings);
            Assert.Equal(label.Values.Distinct(), label.Values);
            Assert.All(label.Values, value => Assert.Matches(Value(), value));
        }
        var series = metric.Labels.Aggregate(
            1,
            (all, label) => all * Math.Max(1, label.Values.Count)
        );
        Assert.InRange(series, 1, SeriesMax);
    }

    private static Metric Of(string name) =>
        MetricCatalog.All.Single(metric => metric.Name == name);

    [GeneratedRegex("^(jobcloud|process)_[a-z_]+$")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z_-]+$")]
    private static partial Regex Value();
}
