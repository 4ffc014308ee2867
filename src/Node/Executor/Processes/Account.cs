namespace JobCloud.Node.Executor.Processes;

/// <summary>An account of this machine, other than the executor's own.</summary>
/// <param name="Group">Its primary group.</param>
/// <param name="Groups">All its groups.</param>
/// <param name="Home">Its home directory.</param>
/// <param name="Shell">Its login shell; empty: none is named.</param>
internal sealed record Account(
    string Name,
    uint User,
    uint Group,
    uint[] Groups,
    string Home,
    string Shell
)
{
    /// <summary>Its login shell; null: the account is not meant for logins.</summary>
    public string? LoginShell =>
        Shell.Length == 0
        || Shell.EndsWith("/nologin", StringComparison.Ordinal)
        || Shell.EndsWith("/false", StringComparison.Ordinal)
            ? null
            : Shell;

    /// <summary>Gives a file to the account; returns 0 or an errno. For paths whose directory only
    /// the executor can change.</summary>
    public int Own(string path) => Libc.lchown(path, User, Group) == 0 ? 0 : Libc.Errno;
}
