namespace JobCloud.Protocol.Timelines;

/// <summary>The intervals of kept samples, and their limit.</summary>
/// <param name="DenseMs">The interval while the attempt is younger than
/// <paramref name="SparseMs"/>.</param>
/// <param name="SparseMs">The later interval, until samples are thinned.</param>
/// <param name="SamplesMax">The limit of samples, at least 2. Beyond it, samples are
/// thinned.</param>
public readonly record struct TimelineRules(long DenseMs, long SparseMs, int SamplesMax);
