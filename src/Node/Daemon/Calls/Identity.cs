using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>The authenticated caller.</summary>
/// <param name="User">The name recorded with each change.</param>
/// <param name="Role">The permissions of the caller.</param>
internal sealed record Identity(string User, Role Role)
{
    /// <summary>True if the caller can see and change the jobs of other users.</summary>
    public bool IsAdmin => Role == Role.Admin;
}
