using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>A pipe that keeps a shell job running: the job's command waits for a line on its
/// standard input, then exits 0. When the executor dies, the kernel closes the pipe and the job
/// ends. Used only on the event-loop thread.</summary>
internal sealed unsafe class ShellJobPipe : IDisposable
{
    /// <summary>Runs in any POSIX shell without another program. Prints the reason for the end, if
    /// it receives one.</summary>
    public const string Command =
        "read -r reason; [ -z \"$reason\" ] || echo \"$reason\" >&2; exit 0";

    private int _read;
    private int _write;

    private ShellJobPipe(int read, int write) => (_read, _write) = (read, write);

    /// <summary>True once a terminal was opened in the job.</summary>
    public bool HadTerminal { get; set; }

    /// <summary>Returns null if no pipe can be created.</summary>
    public static ShellJobPipe? Make() =>
        Libc.Pipe(out var read, out var write) == 0 ? new(read, write) : null;

    /// <summary>The descriptor that the job's first process reads; open until that process has
    /// started.</summary>
    public int Stdin => _read;

    public void CloseReadEnd() => Close(ref _read);

    /// <summary>Ends the job.</summary>
    /// <param name="reason">Text for the job's standard error.</param>
    public void Release(string reason)
    {
        if (_write < 0)
            return;
        fixed (byte* line = Encoding.UTF8.GetBytes(reason + "\n"))
            _ = Libc.write(_write, line, Encoding.UTF8.GetByteCount(reason) + 1);
        Close(ref _write);
    }

    public void Dispose()
    {
        Close(ref _read);
        Close(ref _write);
    }

    private static void Close(ref int fd)
    {
        if (fd >= 0)
            _ = Libc.close(fd);
        fd = -1;
    }
}
