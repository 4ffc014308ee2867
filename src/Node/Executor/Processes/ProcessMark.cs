using System.Globalization;
using System.Text;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The environment variable that identifies a job's processes, whatever their session or
/// parent.</summary>
internal static class ProcessMark
{
    private const string Name = "JOBCLOUD_MARK";
    private static readonly byte[] Prefix = Encoding.UTF8.GetBytes(Name + "=");
    private const int BufferBytes = 256 * 1024;

    [ThreadStatic]
    private static byte[]? _buffer;

    public static string VariableName => Name;

    /// <summary>The mark's value: <c>JID.ATTEMPT@HOME</c>.</summary>
    public static string For(AttemptId id, string home) =>
        string.Create(CultureInfo.InvariantCulture, $"{id.Jid}.{id.Number}@{home}");

    /// <summary>Returns the attempt of a process; null: not a process of this home's jobs, or
    /// unknown. Thread-safe.</summary>
    /// <param name="isShown">False: the process shows no environment, because it is about to exit
    /// or exec.</param>
    public static unsafe AttemptId? Of(int pid, string home, out bool isShown)
    {
        var fd = Libc.open($"/proc/{pid}/environ", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        // Once a process has released its memory, newer kernels refuse to open its environment;
        // older ones show it as empty.
        isShown = fd >= 0 || Libc.Errno != Libc.ESRCH;
        if (fd < 0)
            return null;
        var length = 0;
        var all = _buffer ??= new byte[BufferBytes];
        fixed (byte* buffer = all)
        {
            nint count;
            while (
                length < all.Length
                && (count = Libc.read(fd, buffer + length, all.Length - length)) > 0
            )
                length += (int)count;
        }
        _ = Libc.close(fd);
        isShown = length > 0;
        return Find(all.AsSpan(0, length), home);
    }

    /// <summary>Finds the mark in an environment as the kernel shows it.</summary>
    public static AttemptId? Find(ReadOnlySpan<byte> environment, string home)
    {
        while (!environment.IsEmpty)
        {
            var end = environment.IndexOf((byte)0);
            var variable = end < 0 ? environment : environment[..end];
            if (variable.StartsWith(Prefix))
                return Parse(Encoding.UTF8.GetString(variable[Prefix.Length..]), home);
            environment = end < 0 ? [] : environment[(end + 1)..];
        }
        return null;
    }

    private static AttemptId? Parse(string value, string home)
    {
        var at = value.IndexOf('@', StringComparison.Ordinal);
        var dot = value.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || at < dot || !value.AsSpan(at + 1).SequenceEqual(home))
            return null;
        var culture = CultureInfo.InvariantCulture;
        return
            long.TryParse(value.AsSpan(0, dot), culture, out var jid)
            && int.TryParse(value.AsSpan(dot + 1, at - dot - 1), culture, out var number)
            ? new AttemptId(jid, number)
            : null;
    }
}
