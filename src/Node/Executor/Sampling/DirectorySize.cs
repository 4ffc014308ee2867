using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Sampling;

/// <summary>What a directory and all in it take on disk.</summary>
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

    /// <summary>Bytes; -1: there is none, or it has more entries than
    /// <paramref name="entriesMax"/>. Links are not followed.</summary>
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
            // A folder that a living job removed meanwhile.
        }
        return blocks * BlockBytes;
    }
}
