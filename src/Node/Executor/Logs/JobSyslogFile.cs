using System.Text;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Writes the messages of and about jobs from the machine's logs to the attempts'
/// files.</summary>
internal static unsafe class JobSyslogFile
{
    private const int Private = 0x180; // 0600

    /// <summary>Appends a line. The line is lost if the attempt's directory was removed or the disk
    /// is full.</summary>
    public static void Add(HomePaths home, AttemptId id, string line)
    {
        const int Flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND;
        var paths = home.Attempt(id.Jid, id.Number);
        var fd = JobFile.OpenOwn(paths.Syslog, Flags, Private);
        if (fd < 0 && Libc.Errno == Libc.ENOENT && Folder.Make(paths.Folder) == 0)
            fd = JobFile.OpenOwn(paths.Syslog, Flags, Private);
        if (fd < 0)
            return;
        var text = Encoding.UTF8.GetBytes(line + "\n");
        fixed (byte* bytes = text)
            _ = Libc.write(fd, bytes, text.Length);
        _ = Libc.close(fd);
    }
}
