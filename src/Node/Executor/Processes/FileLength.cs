namespace JobCloud.Node.Executor.Processes;

/// <summary>Lengths of files that may not be there.</summary>
internal static class FileLength
{
    /// <summary>Bytes; 0: there is none.</summary>
    public static long Of(string path) =>
        Libc.TryStat(path, followLink: false, out var status) ? status.Size : 0;
}
