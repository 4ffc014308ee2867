namespace JobCloud.Node.Executor.Processes;

/// <summary>How the executor ends; 2 and 3 mean the same when the node ends with them.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Wrong arguments or settings: starting again will not help.</summary>
    public const int Settings = 2;

    /// <summary>It refuses to run: another one does, or the store is of a newer version.</summary>
    public const int Refused = 3;
}
