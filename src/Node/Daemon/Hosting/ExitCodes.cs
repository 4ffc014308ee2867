namespace JobCloud.Node.Daemon.Hosting;

/// <summary>What <c>jobcloud-node</c> ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The node ended without being asked to: start it again.</summary>
    public const int Unexpected = 1;

    /// <summary>The settings are wrong.</summary>
    public const int Usage = 2;

    /// <summary>The store or the socket says no.</summary>
    public const int Refused = 3;
}
