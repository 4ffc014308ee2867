using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Follows the kernel log on its own thread and stores the messages about jobs' processes
/// with the jobs.</summary>
internal sealed unsafe class KernelLogReader
{
    private const string Device = "/dev/kmsg";
    private const int LongestRecord = 8 * 1024; // PRINTKRB_RECORD_MAX plus headers

    /// <summary>The pid namespace link of a process that sees the kernel's own pids:
    /// PROC_PID_INIT_INO.</summary>
    private const string InitialPidNamespace = "pid:[4026531836]";

    private readonly HomePaths _home;
    private readonly JobSessions _sessions;
    private readonly ForkHistory? _history;
    private readonly int _fd;
    private readonly bool _seesKernelPids =
        new FileInfo("/proc/self/ns/pid").LinkTarget == InitialPidNamespace;

    private KernelLogReader(HomePaths home, JobSessions sessions, ForkHistory? history, int fd) =>
        (_home, _sessions, _history, _fd) = (home, sessions, history, fd);

    /// <summary>Starts with the kernel's next message; false: the log is not readable.</summary>
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
            JobSyslogFile.Add(_home, owner, message.Line(Clock.WallUs()));
    }

    private AttemptId? OwnerOf(KernelMessage message) =>
        (
            _seesKernelPids && message.Pid > 0
                ? _sessions.OwnerOf(ProcessLineage.Of(message.Pid, _history))
                : null
        ) ?? (message.Cgroup.Length > 0 ? _sessions.OwnerOf(message.Cgroup) : null);
}
