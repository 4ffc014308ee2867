using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>The disk usage of a directory and its contents.</summary>
internal static class DirectorySize
{
    private const long BlockBytes = 512;

    /// <summary>A directory with more entries is not measured.</summary>
    private const int EntriesMax = 100_000;

    private static readonly EnumerationOptions Options = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = true,
    };

    /// <summary>The size in bytes; -1: no such directory, or it has more entries than
    /// <paramref name="entriesMax"/>. Does not follow links.</summary>
    public static long Of(string directory, int entriesMax = EntriesMax)
    {
        if (!Libc.TryStat(directory, followLink: false, out var status) || !status.IsDirectory)
            return -1;
        var blocks = status.Blocks;
        var entries = 0;
        var rest = new Stack<string>([directory]);
        try
        {
            while (rest.TryPop(out var folder))
            {
                foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", Options))
                {
                    if (++entries > entriesMax)
                        return -1;
                    if (!Libc.TryStat(path, followLink: false, out status))
                        continue;
                    blocks += status.Blocks;
                    if (status.IsDirectory)
                        rest.Push(path);
                }
            }
        }
        catch (IOException)
        {
            // A live job removed a directory meanwhile.
        }
        return blocks * BlockBytes;
    }
}
