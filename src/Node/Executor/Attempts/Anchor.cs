using System.Text;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Attempts;

/// <summary>What holds a job that is there for its terminals: its command waits for a line on its
/// standard input, and ends well. When the executor is gone the pipe is closed, so that it ends
/// too. For the loop's thread.</summary>
internal sealed unsafe class Anchor : IDisposable
{
    /// <summary>For any POSIX shell, without a further program. Says why it ends, where it is
    /// told.</summary>
    public const string Command = "read -r why; [ -z \"$why\" ] || echo \"$why\" >&2; exit 0";

    private int _read;
    private int _write;

    private Anchor(int read, int write) => (_read, _write) = (read, write);

    /// <summary>Whether a terminal was ever opened in its job.</summary>
    public bool WasVisited { get; set; }

    /// <summary>Null: no pipe can be had.</summary>
    public static Anchor? Make() =>
        Libc.Pipe(out var read, out var write) == 0 ? new(read, write) : null;

    /// <summary>What the first process of the job reads; until it is started.</summary>
    public int Stdin => _read;

    public void Started() => Close(ref _read);

    /// <summary>Lets the job end.</summary>
    /// <param name="why">For its error output.</param>
    public void Lift(string why)
    {
        if (_write < 0)
            return;
        fixed (byte* line = Encoding.UTF8.GetBytes(why + "\n"))
            _ = Libc.write(_write, line, Encoding.UTF8.GetByteCount(why) + 1);
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
