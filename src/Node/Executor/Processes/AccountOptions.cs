namespace JobCloud.Node.Executor.Processes;

/// <summary>How <see cref="AccountProgram"/> becomes the program.</summary>
/// <param name="KeepsSandbox">Whether the program gets the descriptors of
/// <see cref="Protocol.Sandboxes.SandboxShell"/>.</param>
/// <param name="ReportsFailure">Whether it has <see cref="AccountProgram.FailureFd"/>.</param>
internal readonly record struct AccountOptions(bool KeepsSandbox, bool ReportsFailure)
{
    private const char Sandbox = 's',
        Failure = 'f';

    /// <summary>The options as one word.</summary>
    public string Word => (KeepsSandbox ? $"{Sandbox}" : "") + (ReportsFailure ? $"{Failure}" : "");

    public static AccountOptions Parse(string word) =>
        new(
            word.Contains(Sandbox, StringComparison.Ordinal),
            word.Contains(Failure, StringComparison.Ordinal)
        );
}
