using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.AgentConnections;

/// <summary>The executor's socket. Accepts connections and serves that of the newest
/// agent.</summary>
internal sealed unsafe class AgentListener : IDisposable
{
    /// <summary>Maximum number of connections: an old agent's, a new one's, and some to
    /// spare.</summary>
    public const int ConnectionsMax = 8;

    private const int Backlog = 16;

    /// <summary>Pause of the loop while a connection waits for a descriptor, which would otherwise
    /// wake it at once again.</summary>
    private const int PauseMs = 10;

    /// <summary>An agent with more unread bytes is disconnected, and connects again.</summary>
    private const int UnsentLimitBytes = 64 << 20;

    private readonly List<AgentConnection> _connections = [];
    private readonly ExecutorLog _log;
    private int _listenFd;
    private SocketFile _file;

    /// <summary>A descriptor that is given up for a connection when there is no other.</summary>
    private int _spareFd = OpenSpare();
    private AgentConnection? _agent;
    private ReportHold _hold = ReportHold.None;

    private AgentListener(int listenFd, string path, ExecutorLog log) =>
        (_listenFd, _file, _log) = (listenFd, SocketFile.Of(path), log);

    /// <summary>Whether a process is the node. All others are disconnected: whoever has this
    /// socket commands all jobs.</summary>
    public Func<int, bool> IsNode { get; set; } = static _ => true;

    public int Connections => _connections.Count;

    public bool HasAgent => _agent is not null;

    /// <summary>When <see cref="Flush"/> is to be called at the latest, ms; null: nothing
    /// waits.</summary>
    public long? HeldUntil => _hold.Until;

    /// <summary>Takes a path that only this user can connect to; null: failed, see
    /// <see cref="Libc.Errno"/>.</summary>
    public static AgentListener? Open(string path, ExecutorLog log)
    {
        // This process holds the executor lock, so the owner of an existing socket file is dead.
        var fd = UnixAddress.BindStream(path, Libc.SOCK_NONBLOCK);
        if (fd < 0)
            return null;
        return new(fd, path, log);
    }

    /// <summary>Listens again if the socket was removed; returns whether it was.</summary>
    public bool Repair()
    {
        if (_file.IsInPlace)
            return false;
        var fd = UnixAddress.Listen(_file.Path, Backlog, Libc.SOCK_NONBLOCK);
        if (fd < 0)
            return true;
        _ = Libc.close(_listenFd);
        (_listenFd, _file) = (fd, SocketFile.Of(_file.Path));
        return true;
    }

    /// <summary>Admits connections from now on.</summary>
    public void Listen() => _ = Libc.listen(_listenFd, Backlog);

    /// <summary>Adds the descriptors to poll, starting at index <paramref name="at"/>; returns the
    /// new count.</summary>
    public int AddPollFds(Span<Libc.PollFd> fds, int at)
    {
        fds[at++] = new() { Fd = _listenFd, Events = Libc.POLLIN };
        foreach (var connection in _connections)
        {
            var events = connection.IsBlocked ? Libc.POLLIN | Libc.POLLOUT : Libc.POLLIN;
            fds[at++] = new() { Fd = connection.Fd, Events = (short)events };
        }
        return at;
    }

    /// <summary>Reads the received messages. <paramref name="fds"/> are the polled descriptors of
    /// the last <see cref="AddPollFds"/>.</summary>
    /// <param name="handle">Handles a message of the agent; its Hello comes first.</param>
    public void Serve(ReadOnlySpan<Libc.PollFd> fds, Moment now, Action<ToExecutor, Moment> handle)
    {
        for (var i = 1; i < fds.Length; i++)
        {
            if ((fds[i].ReturnedEvents & ~Libc.POLLOUT) != 0)
                Serve(_connections[i - 1], now, handle);
        }
        if (fds[0].ReturnedEvents != 0)
            Accept();
    }

    /// <summary>Queues a message for the agent, if one is connected.</summary>
    public void Send(FromExecutor message) => _agent?.Add(message);

    /// <summary>Sends the queued messages, unless they wait for others, and closes broken
    /// connections.</summary>
    /// <param name="now">The time in ms.</param>
    public void Flush(long now)
    {
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var connection = _connections[i];
            var isDue = true;
            if (connection == _agent)
                _hold = _hold.Look(connection.Queued, now, out isDue);
            if (isDue || connection.IsBlocked)
                connection.Send();
            if (connection.Unsent > UnsentLimitBytes)
            {
                _log.Write("the agent does not read; disconnecting it");
                connection.Break();
            }
            if (connection.IsBroken)
                Drop(connection);
        }
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        _ = Libc.close(_listenFd);
        GiveUpSpare();
    }

    private void Accept()
    {
        const int Flags = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        int fd;
        while ((fd = Libc.accept4(_listenFd, null, null, Flags)) >= 0 || HasMadeRoom())
        {
            if (fd < 0)
                continue;
            if (
                _connections.Count < ConnectionsMax
                && Libc.PeerOf(fd) is { Pid: var pid }
                && IsNode(pid)
            )
                _connections.Add(new(fd));
            else
                _ = Libc.close(fd);
        }
        if (_spareFd < 0)
            _spareFd = OpenSpare();
    }

    /// <summary>Frees a descriptor after a failed accept, so that an agent can connect whatever
    /// jobs and terminals use; false: accepting failed for another reason, or there is none to
    /// free.</summary>
    private bool HasMadeRoom()
    {
        if (!Libc.IsOutOfDescriptors(Libc.Errno))
            return false;
        if (GiveUpSpare())
            return true;
        Thread.Sleep(PauseMs);
        return false;
    }

    private static int OpenSpare() => Libc.open("/dev/null", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);

    private bool GiveUpSpare()
    {
        if (_spareFd < 0)
            return false;
        _ = Libc.close(_spareFd);
        _spareFd = -1;
        return true;
    }

    private void Serve(AgentConnection connection, Moment now, Action<ToExecutor, Moment> handle)
    {
        connection.Receive();
        while (connection.Next() is { } message)
        {
            if (message.MessageCase == ToExecutor.MessageOneofCase.Hello)
                AcceptAgent(connection, message.Hello.Session);
            if (connection == _agent)
                handle(message, now);
            else
                connection.Break();
        }
    }

    /// <summary>Makes this connection the agent's. A newer agent, or a new connection of the same
    /// agent, replaces the current one.</summary>
    private void AcceptAgent(AgentConnection connection, long session)
    {
        if (_agent is { } previous && previous != connection)
        {
            if (session < previous.Session)
                return;
            previous.Break();
        }
        connection.Session = session;
        _agent = connection;
        _log.Write($"the agent of session {session} connected");
    }

    private void Drop(AgentConnection connection)
    {
        if (connection == _agent)
        {
            (_agent, _hold) = (null, ReportHold.None);
            _log.Write($"the agent of session {connection.Session} disconnected");
        }
        _connections.Remove(connection);
        connection.Dispose();
    }
}
