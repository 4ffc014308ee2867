namespace JobCloud.Node.Executor.Processes;

/// <summary>Lengths of files that may not exist.</summary>
internal static class FileLength
{
    /// <summary>The length in bytes; 0: no such file.</summary>
    public static long Of(string path) =>
        Libc.TryStat(path, followLink: false, out var status) ? status.Size : 0;
}
