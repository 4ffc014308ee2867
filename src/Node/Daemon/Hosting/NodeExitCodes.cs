namespace JobCloud.Node.Daemon.Hosting;

/// <summary>Exit codes of <c>jobcloud-node</c>.</summary>
internal static class NodeExitCodes
{
    public const int Success = 0;

    /// <summary>The node stopped unexpectedly and should be restarted.</summary>
    public const int Unexpected = 1;

    /// <summary>The settings are invalid.</summary>
    public const int Usage = 2;

    /// <summary>The home, the store or the socket cannot be used.</summary>
    public const int Refused = 3;

    /// <summary>The home or the store needs repair; a restart does not help.</summary>
    public const int NeedsRepair = 4;
}
