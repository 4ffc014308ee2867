namespace JobCloud.Node.Daemon.Gateway;

/// <summary>Who asks.</summary>
/// <param name="User">The name that is recorded with each change.</param>
/// <param name="Admin">May see and change the jobs of others.</param>
public sealed record Identity(string User, bool Admin);
