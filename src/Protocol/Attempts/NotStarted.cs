namespace JobCloud.Protocol.Attempts;

/// <summary>The reason why an attempt never had a process.</summary>
/// <param name="Why">A sentence without a full stop.</param>
/// <param name="TriedAt">When the start failed, µs; null: no start was tried.</param>
public sealed record NotStarted(string Why, long? TriedAt = null);
