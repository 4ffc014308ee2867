namespace JobCloud.Protocol.Metrics;

/// <summary>The value of a metric for one combination of labels.</summary>
/// <param name="Labels">One value per label of the metric.</param>
/// <param name="Value">The value; the sum of a histogram's values.</param>
/// <param name="Counts">Of a histogram: the number of values up to each limit, not cumulative, with
/// that of the larger ones at the end.</param>
public readonly record struct MetricSample(
    IReadOnlyList<string> Labels,
    double Value,
    IReadOnlyList<long>? Counts = null
);
