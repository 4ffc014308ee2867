using System.Buffers;
using System.Text;
using JobCloud.Protocol.Metrics;

namespace JobCloud.Protocol.Tests.Metrics;

public sealed class MetricTextTests
{
    [Fact]
    public void A_metric_is_written_with_its_help_its_type_and_a_line_for_each_sample() =>
        Assert.Equal(
            """
            # HELP jobcloud_requests_total Answered requests by call and code: ok, or the code of the refusal.
            # TYPE jobcloud_requests_total counter
            jobcloud_requests_total{call="Submit",code="ok"} 12
            jobcloud_requests_total{call="Submit",code="busy"} 1

            """,
            Text(
                MetricCatalog.Requests,
                new MetricSample(["Submit", "ok"], 12),
                new MetricSample(["Submit", "busy"], 1)
            )
        );

    [Fact]
    public void A_histogram_is_cumulative_and_ends_with_its_sum_and_count()
    {
        var metric = new Metric("h_seconds", MetricKind.Histogram, "Times.", "")
        {
            Limits = [0.5, 10],
            Labels = [new("call", ["Kill"])],
        };
        Assert.Equal(
            """
            # HELP h_seconds Times.
            # TYPE h_seconds histogram
            h_seconds_bucket{call="Kill",le="0.5"} 2
            h_seconds_bucket{call="Kill",le="10"} 5
            h_seconds_bucket{call="Kill",le="+Inf"} 6
            h_seconds_sum{call="Kill"} 31.25
            h_seconds_count{call="Kill"} 6

            """,
            Text(metric, new MetricSample(["Kill"], 31.25, [2, 3, 1]))
        );
    }

    [Fact]
    public void Values_of_labels_are_escaped()
    {
        var metric = new Metric("g", MetricKind.Gauge, "G.", "") { Labels = [new("version", [])] };
        Assert.EndsWith(
            """
            g{version="a\"b\\c\nd"} 1

            """,
            Text(metric, new MetricSample(["a\"b\\c\nd"], 1))
        );
    }

    [Fact]
    public void A_metric_without_samples_is_left_out() =>
        Assert.Equal("", Text(MetricCatalog.NodeCores));

    private static string Text(Metric metric, params MetricSample[] samples)
    {
        var output = new ArrayBufferWriter<byte>();
        MetricText.Write(output, metric, samples);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
