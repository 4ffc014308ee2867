namespace JobCloud.Node.Daemon.Homes;

/// <summary>The node cannot start; the message is one sentence for the user.</summary>
internal sealed class CannotStartException(string message) : Exception(message);
