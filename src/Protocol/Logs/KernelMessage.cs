using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace JobCloud.Protocol.Logs;

/// <summary>A kernel message about a process (Documentation/ABI/testing/dev-kmsg).</summary>
/// <param name="Severity">0 (the worst) to 7.</param>
/// <param name="Pid">The pid in the root namespace; 0: none given.</param>
/// <param name="Cgroup">The cgroup of the process; empty: none given.</param>
/// <param name="Text">Without control characters.</param>
public sealed partial record KernelMessage(int Severity, int Pid, string Cgroup, string Text)
{
    /// <summary>Parses a record of /dev/kmsg; null: it is not from the kernel, or not about a
    /// process.</summary>
    public static KernelMessage? Parse(ReadOnlySpan<byte> record)
    {
        var text = Encoding.UTF8.GetString(record);
        var head = text.IndexOf(';', StringComparison.Ordinal);
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (
            comma < 0
            || head < comma
            || !int.TryParse(
                text.AsSpan(0, comma),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var priority
            )
            || priority > 7 // programs may write there too, but never as the kernel
        )
            return null;
        var end = text.IndexOf('\n', head);
        var words = SyslogMessage.Printable(
            text.AsSpan(head + 1, (end < 0 ? text.Length : end) - head - 1)
        );
        var pid =
            Number(OutOfMemory().Match(words))
            ?? Number(Killed().Match(words))
            ?? Number(Named().Match(words));
        var cgroup = Cgroups().Match(words) is { Success: true } match ? match.Groups[1].Value : "";
        return pid is null && cgroup.Length == 0 ? null : new(priority, pid ?? 0, cgroup, words);
    }

    /// <summary>The message as one line, without a line break.</summary>
    /// <param name="at">µs since 1970.</param>
    public string Line(long at) => new SyslogMessage(0, Severity, $"kernel: {Text}").Line(at);

    private static int? Number(Match match) =>
        int.TryParse(
            match.Groups[1].ValueSpan,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var pid
        )
            ? pid
            : null;

    // oom-kill:constraint=CONSTRAINT_MEMCG,…,task_memcg=/a/b,task=python3,pid=123,uid=0
    [GeneratedRegex(@"^oom-kill:.*,pid=(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"^oom-kill:.*,task_memcg=([^,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Cgroups();

    // Out of memory: Killed process 123 (python3) …; older: Kill process; oom_reaper: reaped
    // process
    [GeneratedRegex(
        @"\b(?:[Kk]ill(?:ed|ing)?|reaped) process (\d+) \(",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Killed();

    // python3[123]: segfault at 0 …; traps: python3[123] general protection fault …
    [GeneratedRegex(@"^(?:traps: )?.{1,15}\[(\d+)\]:? ", RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
