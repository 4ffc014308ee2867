using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>The way into the namespaces of a job by nsenter(1).</summary>
internal static class NamespaceEntry
{
    /// <summary>As /proc/PID/ns names them, and the options. The user namespace comes first: it
    /// gives the right to enter the others.</summary>
    private static readonly (string Name, string Option)[] Kinds =
    [
        ("user", "--user"),
        ("mnt", "--mount"),
        ("net", "--net"),
        ("ipc", "--ipc"),
        ("uts", "--uts"),
    ];

    /// <summary>The words in front of those of a program that is to run where a process is; none
    /// where that is here. Null: the process has ended, or is another user's.</summary>
    public static IReadOnlyList<string>? Words(string nsenter, int pid)
    {
        var words = new List<string>();
        foreach (var (name, option) in Kinds)
        {
            if (Libc.ReadLink($"/proc/{pid}/ns/{name}") is not { } theirs)
                return null;
            if (theirs == Libc.ReadLink($"/proc/thread-self/ns/{name}"))
                continue;
            words.Add(option);
            if (name == "user")
                words.Add("--preserve-credentials");
        }
        return words.Count == 0 ? [] : [nsenter, "--target", $"{pid}", .. words, "--"];
    }
}
