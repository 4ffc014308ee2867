namespace JobCloud.Node.Daemon.Jobs;

/// <summary>The journal rejected an event that it should accept.</summary>
internal sealed class StoreRefusedException(Exception cause)
    : Exception($"the journal rejected a commit: {cause.Message}", cause);
