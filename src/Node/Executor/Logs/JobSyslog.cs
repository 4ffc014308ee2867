using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>The files in which the words of and about jobs in the machine's logs are
/// kept.</summary>
internal static unsafe class JobSyslog
{
    private const int Private = 0x180; // 0600

    /// <summary>Adds a line. The folder of an attempt that was forgotten is gone, and a full disk
    /// takes nothing: then it is lost.</summary>
    public static void Add(HomePaths home, AttemptId id, string line)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND | Libc.O_CLOEXEC;
        var paths = home.Attempt(id.Jid, id.Number);
        var fd = Libc.open(paths.Syslog, Flags, Private);
        if (fd < 0 && Libc.Errno == Libc.ENOENT && Folder.Make(paths.Folder) == 0)
            fd = Libc.open(paths.Syslog, Flags, Private);
        if (fd < 0)
            return;
        var text = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* bytes = text)
            _ = Libc.write(fd, bytes, text.Length);
        _ = Libc.close(fd);
    }
}
