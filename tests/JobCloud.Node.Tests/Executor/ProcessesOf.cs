namespace JobCloud.Node.Tests.Executor;

/// <summary>Which processes live, as /proc has it.</summary>
internal static class ProcessesOf
{
    /// <summary>Whether a process lives and is not only waiting to be reaped.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The living processes that bear the mark of a job's first attempt: their pids, and
    /// their words.</summary>
    public static Dictionary<int, string> Job(string home, long jid)
    {
        var found = new Dictionary<int, string>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), out var pid) || !IsAlive(pid))
                continue;
            try
            {
                if (
                    File.ReadAllText($"{folder}/environ")
                        .Contains($"JOBCLOUD_MARK={jid}.1@{home}\0")
                )
                    found[pid] = File.ReadAllText($"{folder}/cmdline").Replace('\0', ' ').Trim();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It has just ended, or is another user's.
            }
        }
        return found;
    }

    public static IReadOnlyList<int> Children(int parent) =>
        [
            .. Directory
                .EnumerateDirectories($"/proc/{parent}/task")
                .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ').SkipLast(1))
                .Select(int.Parse),
        ];

    /// <summary>The guard of an executor.</summary>
    public static IReadOnlyList<int> Guards(int executor) =>
        [
            .. Children(executor)
                .Where(pid =>
                    File.Exists($"/proc/{pid}/cmdline")
                    && File.ReadAllText($"/proc/{pid}/cmdline").Contains("\0--guard\0")
                ),
        ];

    /// <summary>The names of all programs that descend from a process.</summary>
    public static List<string> Descendants(int root)
    {
        var names = new List<string>();
        foreach (var task in Directory.EnumerateDirectories($"/proc/{root}/task"))
        {
            foreach (var child in File.ReadAllText($"{task}/children").Split(' ').SkipLast(1))
            {
                names.Add(File.ReadAllText($"/proc/{child}/comm").Trim());
                names.AddRange(Descendants(int.Parse(child)));
            }
        }
        return names;
    }
}
