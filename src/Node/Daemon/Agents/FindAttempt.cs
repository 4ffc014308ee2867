using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Daemon.Agents;

/// <summary>Asks an agent which of its running attempts started one of these processes. The answer
/// is a <see cref="FoundAttempt"/>.</summary>
internal sealed record FindAttempt(IReadOnlyList<int> Pids);

/// <param name="Id">Null: none.</param>
internal sealed record FoundAttempt(AttemptId? Id);
