namespace JobCloud.Node.Daemon.Homes;

/// <summary>The node cannot start; the message is one sentence for the user.</summary>
/// <param name="needsRepair">Whether it cannot start until somebody repairs what the message
/// names: a restart does not help.</param>
internal sealed class CannotStartException(string message, bool needsRepair = false)
    : Exception(message)
{
    public bool NeedsRepair { get; } = needsRepair;
}
