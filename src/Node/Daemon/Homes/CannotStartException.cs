namespace JobCloud.Node.Daemon.Homes;

/// <summary>The node cannot start here; the message is one sentence for its user.</summary>
internal sealed class CannotStartException(string message) : Exception(message);
