namespace JobCloud.Node.Executor.Processes;

/// <summary>How <see cref="AccountProgram"/> becomes the program.</summary>
/// <param name="KeepsSandbox">Whether the program gets the descriptors of
/// <see cref="Protocol.Sandboxes.SandboxShell"/>.</param>
/// <param name="ReportsFailure">Whether it has <see cref="AccountProgram.FailureFd"/>.</param>
/// <param name="IsConfined">Whether the program gets no new privileges.</param>
/// <param name="IsFiltered">Whether the program gets the filter of system calls in
/// <see cref="Protocol.Sandboxes.SandboxShell.FilterFd"/>.</param>
internal readonly record struct AccountOptions(
    bool KeepsSandbox,
    bool ReportsFailure,
    bool IsConfined,
    bool IsFiltered
)
{
    private const char Sandbox = 's',
        Failure = 'f',
        Confined = 'c',
        Filtered = 'd';

    /// <summary>The options as one word.</summary>
    public string Word =>
        (KeepsSandbox ? $"{Sandbox}" : "")
        + (ReportsFailure ? $"{Failure}" : "")
        + (IsConfined ? $"{Confined}" : "")
        + (IsFiltered ? $"{Filtered}" : "");

    public static AccountOptions Parse(string word) =>
        new(
            word.Contains(Sandbox, StringComparison.Ordinal),
            word.Contains(Failure, StringComparison.Ordinal),
            word.Contains(Confined, StringComparison.Ordinal),
            word.Contains(Filtered, StringComparison.Ordinal)
        );
}
