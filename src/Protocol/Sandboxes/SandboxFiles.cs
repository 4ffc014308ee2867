namespace JobCloud.Protocol.Sandboxes;

/// <summary>JobCloud's files that a job with a root file system sees, in addition to its
/// directory.</summary>
/// <param name="Home">JOBCLOUD_HOME, with no other files.</param>
public sealed record SandboxFiles(string Home, IReadOnlyList<SandboxFile> Files);

/// <summary>A file or directory to bind into the sandbox.</summary>
/// <param name="Outside">Its path on the machine.</param>
/// <param name="Inside">Its path in the sandbox.</param>
public sealed record SandboxFile(string Outside, string Inside, bool ReadOnly);
