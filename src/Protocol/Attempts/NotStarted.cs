namespace JobCloud.Protocol.Attempts;

/// <summary>The reason why an attempt never had a process.</summary>
/// <param name="Why">A sentence without a full stop.</param>
/// <param name="TriedAt">When the start failed, µs; null: no start was tried.</param>
/// <param name="IsPassing">Whether the node lacks something for now, so that the job can start
/// later or elsewhere.</param>
public sealed record NotStarted(string Why, long? TriedAt = null, bool IsPassing = false);
