namespace JobCloud.Node.Executor.Processes;

/// <summary>Starts programs as another account by setpriv(1): posix_spawn(3) cannot, and a thread
/// of this process with the ids of the account could be signalled by it.</summary>
internal static class SetprivCommand
{
    private const string Path = "/usr/bin:/bin:/usr/local/bin";
    private static readonly ProgramSearch Programs = new();

    /// <summary>The path of setpriv; null: it is not installed.</summary>
    public static string? Program(long now) => Programs.Find("setpriv", Path, "/", now);

    /// <summary>The arguments that run a program as an account, without capabilities. Programs such
    /// as sudo keep theirs.</summary>
    public static IReadOnlyList<string> Words(
        Account account,
        string program,
        IReadOnlyList<string> arguments
    ) =>
        [
            "setpriv",
            $"--reuid={account.User}",
            $"--regid={account.Group}",
            $"--groups={string.Join(',', account.Groups)}",
            "--inh-caps=-all",
            "--",
            program,
            .. arguments.Skip(1),
        ];
}
