using System.Buffers.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The content of /proc/PID/stat (proc_pid_stat(5)).</summary>
/// <param name="UserTicks">Includes exited and reaped children.</param>
/// <param name="SystemTicks">Includes exited and reaped children.</param>
/// <param name="StartTick">Clock ticks since boot.</param>
/// <param name="IsStopped">Whether a signal has stopped it; a debugger does so differently.</param>
internal readonly record struct ProcessStat(
    int Pid,
    int Parent,
    int Group,
    bool IsZombie,
    long UserTicks,
    long SystemTicks,
    long StartTick,
    long ResidentPages,
    int Threads = 1,
    bool IsStopped = false
)
{
    private const int LongestStat = 2048;

    /// <summary>Reads the file; null: no such process.</summary>
    public static unsafe ProcessStat? Read(int pid)
    {
        var fd = Libc.open($"/proc/{pid}/stat", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return null;
        var buffer = stackalloc byte[LongestStat];
        var count = (int)Libc.read(fd, buffer, LongestStat);
        _ = Libc.close(fd);
        return count <= 0 ? null : Parse(pid, new ReadOnlySpan<byte>(buffer, count));
    }

    /// <summary>Parses the line; null: malformed.</summary>
    public static ProcessStat? Parse(int pid, ReadOnlySpan<byte> line)
    {
        // The program's name, field 2, may contain spaces and brackets.
        var name = line.LastIndexOf((byte)')');
        if (name < 0 || name + 3 >= line.Length)
            return null;
        var state = line[name + 2];
        var rest = line[(name + 3)..];
        Span<long> fields = stackalloc long[25];
        for (var i = 4; i < fields.Length; i++)
        {
            rest = rest.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(rest, out fields[i], out var used))
                return null;
            rest = rest[used..];
        }
        return new(
            pid,
            (int)fields[4],
            (int)fields[5],
            state is (byte)'Z' or (byte)'X',
            fields[14] + fields[16],
            fields[15] + fields[17],
            fields[22],
            fields[24],
            (int)fields[20],
            state == (byte)'T'
        );
    }
}
