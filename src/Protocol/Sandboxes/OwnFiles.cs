namespace JobCloud.Protocol.Sandboxes;

/// <summary>What of JobCloud's own a job with a root file system sees, beside its
/// directory.</summary>
/// <param name="Home">JOBCLOUD_HOME: there is nothing else in it.</param>
public sealed record OwnFiles(string Home, IReadOnlyList<OwnFile> Files);

/// <summary>A file or directory that is there.</summary>
/// <param name="Outside">Where it is on the machine.</param>
/// <param name="Inside">Where the job finds it.</param>
public sealed record OwnFile(string Outside, string Inside, bool ReadOnly);
