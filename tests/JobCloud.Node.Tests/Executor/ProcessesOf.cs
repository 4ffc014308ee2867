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
