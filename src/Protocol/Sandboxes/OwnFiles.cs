namespace JobCloud.Protocol.Sandboxes;

/// <summary>JobCloud's files that a job with a root file system sees, in addition to its
/// directory.</summary>
/// <param name="Home">JOBCLOUD_HOME, with no other files.</param>
public sealed record OwnFiles(string Home, IReadOnlyList<OwnFile> Files);

/// <summary>A file or directory to bind into the sandbox.</summary>
/// <param name="Outside">Its path on the machine.</param>
/// <param name="Inside">Its path in the sandbox.</param>
public sealed record OwnFile(string Outside, string Inside, bool ReadOnly);
