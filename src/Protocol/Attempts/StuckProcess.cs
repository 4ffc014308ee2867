using System.Globalization;

namespace JobCloud.Protocol.Attempts;

/// <summary>A process that waits in the kernel and so outlives SIGKILL (state D of
/// proc_pid_stat(5)).</summary>
/// <param name="Waits">The kernel's function that it waits in; empty: unknown.</param>
public sealed record StuckProcess(int Pid, int Parent, string Name, string Waits)
{
    private const int ShownMax = 5;
    private const char Uninterruptible = 'D';

    /// <summary>Parses the content of /proc/PID/stat and /proc/PID/wchan; null: it is not
    /// stuck.</summary>
    public static StuckProcess? Parse(int pid, string stat, string waits)
    {
        var (open, close) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
        if (open < 0 || close < open)
            return null;
        var rest = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (rest.Length < 2 || rest[0] is not [Uninterruptible])
            return null;
        return int.TryParse(rest[1], CultureInfo.InvariantCulture, out var parent)
            ? new(pid, parent, stat[(open + 1)..close], waits == "0" ? "" : waits)
            : null;
    }

    /// <summary>Tells which processes cannot be killed, and why, as a sentence without its full
    /// stop; empty: none.</summary>
    public static string Describe(IReadOnlyList<StuckProcess> stuck)
    {
        if (stuck.Count == 0)
            return "";
        var more = stuck.Count > ShownMax ? $" and {stuck.Count - ShownMax} more" : "";
        return $"{string.Join(", ", stuck.Take(ShownMax))}{more} cannot be killed: the kernel waits "
            + "there (state D), usually for a disk or a network file system that does not answer; "
            + "check its mounts, or restart the machine";
    }

    public override string ToString() =>
        $"process {Pid} ({Name}{(Waits.Length > 0 ? $", in {Waits}" : "")})";
}
