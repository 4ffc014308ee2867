namespace JobCloud.Node.Executor.Processes;

/// <summary>The executor's exit codes; 2 to 4 have the same meaning for the node.</summary>
internal static class ExecutorExitCodes
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Invalid arguments or settings; a restart does not help.</summary>
    public const int Settings = 2;

    /// <summary>Refused to run: another one is running, or the store is of a newer
    /// version.</summary>
    public const int Refused = 3;

    /// <summary>The home or the store needs repair; a restart does not help.</summary>
    public const int NeedsRepair = 4;
}
