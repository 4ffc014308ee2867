using JobCloud.Protocol;

namespace JobCloud.Node.Daemon.Calls;

/// <summary>Who asks.</summary>
/// <param name="User">The name that is recorded with each change.</param>
/// <param name="Role">What they may do.</param>
internal sealed record Identity(string User, Role Role)
{
    /// <summary>May see and change the jobs of others.</summary>
    public bool Admin => Role == Role.Admin;
}
