using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Asks an agent which attempts it knows; answered with
/// <see cref="KnownAttempts"/>.</summary>
internal sealed record ListAttempts;

/// <summary>The attempts that are not over, or whose end is not safe in the store.</summary>
internal sealed record KnownAttempts(IReadOnlySet<AttemptId> Attempts);
