using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Outputs;

/// <summary>Asks an agent for the attempts it knows; answered with <see
/// cref="KnownAttempts"/>.</summary>
internal sealed record ListAttempts;

/// <summary>The attempts that have not ended, or whose end is not committed.</summary>
internal sealed record KnownAttempts(IReadOnlySet<AttemptId> Attempts);
