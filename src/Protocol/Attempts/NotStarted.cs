namespace JobCloud.Protocol.Attempts;

/// <summary>That an attempt never had a process.</summary>
/// <param name="Why">A sentence without its stop.</param>
/// <param name="TriedAt">The instant, µs; null: it was not tried.</param>
public sealed record NotStarted(string Why, long? TriedAt = null);
