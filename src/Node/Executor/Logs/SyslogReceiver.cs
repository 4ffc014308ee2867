using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Takes what is sent to the socket of the system log, on a thread of its own: keeps the
/// words of jobs with them, and hands everything on to the machine's own system log.</summary>
internal sealed unsafe class SyslogReceiver
{
    private const int LongestMessage = 64 * 1024;

    /// <summary>A message that comes before its job is known to have started waits so long for
    /// it.</summary>
    private const long PatienceMs = 300;
    private const int LookAgainMs = 2;

    /// <summary>Messages that wait so; further ones are nobody's.</summary>
    private const int UnclaimedMax = 1_000;

    private readonly HomePaths _home;
    private readonly JobSessions _sessions;
    private readonly ForkHistory? _history;
    private readonly int _fd;
    private readonly Queue<Unclaimed> _unclaimed = new();
    private int _next = -1;
    private long _strangers;

    private SyslogReceiver(HomePaths home, JobSessions sessions, ForkHistory? history, int fd) =>
        (_home, _sessions, _history, _fd) = (home, sessions, history, fd);

    /// <summary>Messages that were of no job.</summary>
    public long Strangers => Interlocked.Read(ref _strangers);

    /// <summary>Begins to receive; null: it cannot.</summary>
    public static SyslogReceiver? Start(HomePaths home, JobSessions sessions, ForkHistory? history)
    {
        _ = Libc.unlink(home.SyslogSocket);
        var fd = UnixAddress.Bind(home.SyslogSocket);
        if (fd < 0)
            return null;
        var on = 1;
        _ = Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_PASSCRED, &on, sizeof(int));
        var receiver = new SyslogReceiver(home, sessions, history, fd);
        new Thread(receiver.Run) { IsBackground = true, Name = "syslog" }.Start();
        return receiver;
    }

    /// <summary>Hands on to this socket from now on; negative: to none.</summary>
    public void HandOnTo(int fd)
    {
        var before = Interlocked.Exchange(ref _next, fd);
        if (before >= 0)
            _ = Libc.close(before);
    }

    private void Run()
    {
        // Who sent a message is told best while it lives: nothing should come in between.
        Libc.RunFirst();
        var space = new byte[LongestMessage];
        fixed (byte* bytes = space)
        {
            Libc.Credentials sender;
            var buffer = new Libc.Buffer { Start = bytes };
            var message = new Libc.MessageHeader { Buffers = &buffer, BufferCount = 1 };
            while (true)
            {
                Wait();
                Claim();
                buffer.Length = LongestMessage;
                message.Control = (byte*)&sender;
                message.ControlLength = sizeof(Libc.Credentials);
                var length = Libc.recvmsg(_fd, &message, Libc.MSG_DONTWAIT);
                if (length < 0 && Libc.Errno is not (Libc.EINTR or Libc.EAGAIN))
                    return;
                if (length < 0 || sender.Kind != Libc.SCM_CREDENTIALS)
                    continue;
                Take(sender.Pid, space.AsSpan(0, (int)length));
                buffer.Length = length;
                HandOn(&message);
            }
        }
    }

    private void Wait()
    {
        var fd = new Libc.PollFd { Fd = _fd, Events = Libc.POLLIN };
        _ = Libc.poll(&fd, 1, _unclaimed.Count > 0 ? LookAgainMs : -1);
    }

    private void Take(int pid, ReadOnlySpan<byte> datagram)
    {
        var kin = ProcessKin.Of(pid, _history);
        var owner = _sessions.OwnerOf(kin);
        var line = SyslogMessage.Parse(datagram).Line(Clock.WallUs());
        if (owner is { } known)
            JobSyslog.Add(_home, known, line);
        else if (_unclaimed.Count < UnclaimedMax)
            _unclaimed.Enqueue(new(kin, line, Clock.NowMs() + PatienceMs));
        else
            Interlocked.Increment(ref _strangers);
    }

    /// <summary>Looks again whose the messages are that were nobody's yet.</summary>
    private void Claim()
    {
        var now = Clock.NowMs();
        for (var i = _unclaimed.Count; i > 0; i--)
        {
            var message = _unclaimed.Dequeue();
            if (_sessions.OwnerOf(message.Sender) is { } owner)
                JobSyslog.Add(_home, owner, message.Line);
            else if (now < message.Until)
                _unclaimed.Enqueue(message);
            else
                Interlocked.Increment(ref _strangers);
        }
    }

    /// <summary>In the sender's name, where that is still allowed: it must live.</summary>
    private void HandOn(Libc.MessageHeader* message)
    {
        const int Flags = Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT;
        var fd = Volatile.Read(ref _next);
        if (fd < 0 || Libc.sendmsg(fd, message, Flags) >= 0)
            return;
        message->Control = null;
        message->ControlLength = 0;
        _ = Libc.sendmsg(fd, message, Flags);
    }

    private readonly record struct Unclaimed(ProcessKin Sender, string Line, long Until);
}
