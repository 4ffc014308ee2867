using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Homes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Receives the messages to the system log socket on its own thread: stores jobs' messages
/// with the jobs and forwards all messages to the machine's system log.</summary>
internal sealed unsafe class SyslogReceiver
{
    /// <summary>0666: the directory decides who reaches it, and jobs of all accounts may
    /// log.</summary>
    private const int WritableByAll = 0x1b6;
    private const int LongestMessage = 64 * 1024;

    /// <summary>The time that a message waits until the start of its job is known.</summary>
    private const long ClaimWithinMs = 300;
    private const int RetryMs = 2;

    /// <summary>Maximum number of waiting messages; further ones count as belonging to no
    /// job.</summary>
    private const int UnclaimedMax = 1_000;

    private readonly HomePaths _home;
    private readonly JobSessions _sessions;
    private readonly ForkHistory? _history;
    private readonly int _fd;
    private readonly Queue<Unclaimed> _unclaimed = new();
    private int _next = -1;
    private long _unowned;

    private SyslogReceiver(HomePaths home, JobSessions sessions, ForkHistory? history, int fd) =>
        (_home, _sessions, _history, _fd) = (home, sessions, history, fd);

    /// <summary>The number of messages that belonged to no job.</summary>
    public long UnownedCount => Interlocked.Read(ref _unowned);

    /// <summary>Starts to receive; null: failed.</summary>
    public static SyslogReceiver? Start(HomePaths home, JobSessions sessions, ForkHistory? history)
    {
        _ = Folder.Make(home.Open);
        _ = Libc.unlink(home.SyslogSocket);
        var fd = UnixAddress.Bind(home.SyslogSocket);
        if (fd < 0 || Libc.chmod(home.SyslogSocket, WritableByAll) != 0)
            return null;
        var on = 1;
        _ = Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_PASSCRED, &on, sizeof(int));
        var receiver = new SyslogReceiver(home, sessions, history, fd);
        new Thread(receiver.Run) { IsBackground = true, Name = "syslog" }.Start();
        return receiver;
    }

    /// <summary>Forwards messages to this socket from now on; negative: to none.</summary>
    public void ForwardTo(int fd)
    {
        var previous = Interlocked.Exchange(ref _next, fd);
        if (previous >= 0)
            _ = Libc.close(previous);
    }

    private void Run()
    {
        // The sender is identified most reliably while it is alive, so this thread runs at high
        // priority.
        Libc.RaisePriority();
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
                Forward(&message);
            }
        }
    }

    private void Wait()
    {
        var fd = new Libc.PollFd { Fd = _fd, Events = Libc.POLLIN };
        _ = Libc.poll(&fd, 1, _unclaimed.Count > 0 ? RetryMs : -1);
    }

    private void Take(int pid, ReadOnlySpan<byte> datagram)
    {
        var kin = ProcessLineage.Of(pid, _history);
        var owner = _sessions.OwnerOf(kin);
        var line = SyslogMessage.Parse(datagram).Line(Clock.WallUs());
        if (owner is { } known)
            JobSyslogFile.Add(_home, known, line);
        else if (_unclaimed.Count < UnclaimedMax)
            _unclaimed.Enqueue(new(kin, line, Clock.NowMs() + ClaimWithinMs));
        else
            Interlocked.Increment(ref _unowned);
    }

    /// <summary>Looks again for the owners of waiting messages.</summary>
    private void Claim()
    {
        var now = Clock.NowMs();
        for (var i = _unclaimed.Count; i > 0; i--)
        {
            var message = _unclaimed.Dequeue();
            if (_sessions.OwnerOf(message.Sender) is { } owner)
                JobSyslogFile.Add(_home, owner, message.Line);
            else if (now < message.Until)
                _unclaimed.Enqueue(message);
            else
                Interlocked.Increment(ref _unowned);
        }
    }

    /// <summary>Forwards with the sender's credentials if the kernel allows it, which requires the
    /// sender to be alive.</summary>
    private void Forward(Libc.MessageHeader* message)
    {
        const int Flags = Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT;
        var fd = Volatile.Read(ref _next);
        if (fd < 0 || Libc.sendmsg(fd, message, Flags) >= 0)
            return;
        message->Control = null;
        message->ControlLength = 0;
        _ = Libc.sendmsg(fd, message, Flags);
    }

    private readonly record struct Unclaimed(ProcessLineage Sender, string Line, long Until);
}
