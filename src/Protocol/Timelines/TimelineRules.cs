namespace JobCloud.Protocol.Timelines;

/// <summary>How often samples of an attempt are kept, and how many.</summary>
/// <param name="DenseMs">Between two samples while the attempt is younger than
/// <paramref name="SparseMs"/>.</param>
/// <param name="SparseMs">Between two later samples, as long as none was dropped.</param>
/// <param name="SamplesMax">2 or more. Before one too many, every second one is dropped.</param>
public readonly record struct TimelineRules(long DenseMs, long SparseMs, int SamplesMax);
