namespace JobCloud.Node.Tests.Executor;

/// <summary>Finds processes by /proc.</summary>
internal static class ProcessesOf
{
    /// <summary>Whether a process is alive and not a zombie.</summary>
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

    /// <summary>The live processes with the mark of a job's first attempt: pid and command
    /// line.</summary>
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
                // The process has just exited, or belongs to another user.
            }
        }
        return found;
    }

    /// <summary>The state of a process as in /proc; 'X': there is none.</summary>
    public static char StateOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    /// <summary>The child of a process whose command line contains this; 0: none.</summary>
    public static int ChildWith(int parent, string command) =>
        Children(parent)
            .FirstOrDefault(pid =>
                File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ').Contains(command)
            );

    public static IReadOnlyList<int> Children(int parent) =>
        [
            .. Directory
                .EnumerateDirectories($"/proc/{parent}/task")
                .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ').SkipLast(1))
                .Select(int.Parse),
        ];

    /// <summary>The guards of an executor.</summary>
    public static IReadOnlyList<int> Guards(int executor) =>
        [
            .. Children(executor)
                .Where(pid =>
                    File.Exists($"/proc/{pid}/cmdline")
                    && File.ReadAllText($"/proc/{pid}/cmdline").Contains("\0--guard\0")
                ),
        ];

    /// <summary>The program names of all descendants of a process.</summary>
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
