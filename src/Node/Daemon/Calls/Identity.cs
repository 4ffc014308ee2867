using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>The authenticated caller.</summary>
/// <param name="User">The name recorded with each change.</param>
/// <param name="Role">The permissions of the caller.</param>
/// <param name="Account">The account of the machine that the caller's jobs run as, where the kernel
/// or an access token names it; empty: the settings or the user's name tell.</param>
internal sealed record Identity(string User, Role Role, string Account = "")
{
    /// <summary>The hash of the access token that the caller showed; empty: none.</summary>
    public string TokenHash { get; init; } = "";

    /// <summary>True if the caller can see and change the jobs of other users.</summary>
    public bool IsAdmin => Role == Role.Admin;
}
