namespace JobCloud.Protocol.Metrics;

/// <summary>How a metric's values behave.</summary>
public enum MetricKind
{
    /// <summary>Only grows, from 0 at the start of its node.</summary>
    Counter,

    /// <summary>The value of now.</summary>
    Gauge,

    /// <summary>Counts of values by upper limit.</summary>
    Histogram,
}

/// <summary>One metric of a node.</summary>
/// <param name="name">Its full name; its end names the unit.</param>
/// <param name="help">One sentence.</param>
/// <param name="source">Which node reports it, so that a sum over the nodes is right.</param>
public sealed class Metric(string name, MetricKind kind, string help, string source)
{
    public string Name => name;
    public MetricKind Kind => kind;
    public string Help => help;
    public string Source => source;
    public IReadOnlyList<MetricLabel> Labels { get; init; } = [];

    /// <summary>The upper limits of a histogram, ascending, without infinity.</summary>
    public IReadOnlyList<double> Limits { get; init; } = [];

    public override string ToString() => name;
}

/// <summary>A label of a metric and all its values: a label never has a value that a user
/// chose.</summary>
/// <param name="Values">Empty: the one value is constant for a version of the program.</param>
public sealed record MetricLabel(string Name, IReadOnlyList<string> Values);
