namespace JobCloud.Protocol.Sandboxes;

/// <summary>The parts of JOBCLOUD_HOME that a job in a sandbox sees.</summary>
/// <param name="Home">JOBCLOUD_HOME, which is empty but for these.</param>
/// <param name="Directory">The attempt's own directory.</param>
/// <param name="Files">Further files.</param>
public sealed record SandboxFiles(string Home, string Directory, IReadOnlyList<SandboxFile> Files);

/// <summary>A file or directory to bind into the sandbox.</summary>
/// <param name="Outside">Its path on the machine.</param>
/// <param name="Inside">Its path in the sandbox.</param>
public sealed record SandboxFile(string Outside, string Inside, bool ReadOnly);
