using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>Enters the namespaces of a job by nsenter(1).</summary>
internal static class NsenterCommand
{
    /// <summary>The names in /proc/PID/ns and the options of nsenter. The user namespace comes
    /// first, because it gives permission to enter the others.</summary>
    private static readonly (string Name, string Option)[] Kinds =
    [
        ("user", "--user"),
        ("mnt", "--mount"),
        ("net", "--net"),
        ("ipc", "--ipc"),
        ("uts", "--uts"),
        ("pid", "--pid"),
    ];

    /// <summary>Returns the command prefix that runs a program in a process's namespaces; empty if
    /// those are this process's. Null: the process has ended, or belongs to another user.</summary>
    public static IReadOnlyList<string>? Prefix(string nsenter, int pid)
    {
        var arguments = new List<string>();
        foreach (var (name, option) in Kinds)
        {
            if (Libc.ReadLink($"/proc/{pid}/ns/{name}") is not { } theirs)
                return null;
            if (theirs == Libc.ReadLink($"/proc/thread-self/ns/{name}"))
                continue;
            arguments.Add(option);
            if (name == "user")
                arguments.Add("--preserve-credentials");
        }
        return arguments.Count == 0 ? [] : [nsenter, "--target", $"{pid}", .. arguments, "--"];
    }
}
