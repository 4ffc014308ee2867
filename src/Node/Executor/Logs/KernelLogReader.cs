using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Follows the kernel's log, on a thread of its own, and keeps what it says of jobs'
/// processes with them.</summary>
internal sealed unsafe class KernelLogReader
{
    private const string Device = "/dev/kmsg";
    private const int LongestRecord = 8 * 1024; // of the kernel: PRINTKRB_RECORD_MAX and its heads

    /// <summary>The link of a process that counts pids as the kernel does:
    /// PROC_PID_INIT_INO.</summary>
    private const string KernelsPids = "pid:[4026531836]";

    private readonly HomePaths _home;
    private readonly JobSessions _sessions;
    private readonly ForkHistory? _history;
    private readonly int _fd;
    private readonly bool _knowsPids = new FileInfo("/proc/self/ns/pid").LinkTarget == KernelsPids;

    private KernelLogReader(HomePaths home, JobSessions sessions, ForkHistory? history, int fd) =>
        (_home, _sessions, _history, _fd) = (home, sessions, history, fd);

    /// <summary>Begins with what the kernel says next; false: it may not be read.</summary>
    public static bool Start(HomePaths home, JobSessions sessions, ForkHistory? history)
    {
        var fd = Libc.open(Device, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0 || Libc.lseek(fd, 0, Libc.SEEK_END) < 0)
            return false;
        var reader = new KernelLogReader(home, sessions, history, fd);
        new Thread(reader.Run) { IsBackground = true, Name = "kernel log" }.Start();
        return true;
    }

    private void Run()
    {
        var space = new byte[LongestRecord];
        fixed (byte* bytes = space)
        {
            while (true)
            {
                var length = Libc.read(_fd, bytes, LongestRecord);
                if (length > 0)
                    Take(space.AsSpan(0, (int)length));
                // EPIPE: some records were overwritten before they were read.
                else if (length == 0 || Libc.Errno is not (Libc.EINTR or Libc.EPIPE))
                    return;
            }
        }
    }

    private void Take(ReadOnlySpan<byte> record)
    {
        if (KernelMessage.Parse(record) is { } message && OwnerOf(message) is { } owner)
            JobSyslog.Add(_home, owner, message.Line(Clock.WallUs()));
    }

    private AttemptId? OwnerOf(KernelMessage message) =>
        (
            _knowsPids && message.Pid > 0
                ? _sessions.OwnerOf(ProcessKin.Of(message.Pid, _history))
                : null
        ) ?? (message.Cgroup.Length > 0 ? _sessions.OwnerOf(message.Cgroup) : null);
}
