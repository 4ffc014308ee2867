using JobCloud.Node.Executor.Homes;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Conversations;

/// <summary>The executor's socket: takes connections, and speaks with the one of the newest
/// agent.</summary>
internal sealed unsafe class AgentDoor : IDisposable
{
    /// <summary>Connections at once: an old agent's, a new one's, and some to spare.</summary>
    public const int ConnectionsMax = 8;

    private const int Backlog = 16;

    /// <summary>An agent that has so much unread is cut off, and connects again.</summary>
    private const int OutboxLimitBytes = 64 << 20;

    private readonly List<Connection> _connections = [];
    private readonly ExecutorLog _log;
    private readonly int _listenFd;
    private Connection? _agent;

    private AgentDoor(int listenFd, ExecutorLog log) => (_listenFd, _log) = (listenFd, log);

    public int Connections => _connections.Count;

    public bool HasAgent => _agent is not null;

    /// <summary>Listens at a path, for this user alone; null: it cannot, and
    /// <see cref="Libc.Errno"/> says why.</summary>
    public static AgentDoor? Open(string path, ExecutorLog log)
    {
        // The lock is held: whoever made the socket that is there is gone.
        var fd = UnixAddress.Listen(path, Backlog, Libc.SOCK_NONBLOCK);
        if (fd < 0)
            return null;
        return new(fd, log);
    }

    /// <summary>What to wait for, after the first <paramref name="at"/>; returns the
    /// count.</summary>
    public int Watch(Span<Libc.PollFd> fds, int at)
    {
        fds[at++] = new() { Fd = _listenFd, Events = Libc.POLLIN };
        foreach (var connection in _connections)
        {
            var events = connection.Unsent > 0 ? Libc.POLLIN | Libc.POLLOUT : Libc.POLLIN;
            fds[at++] = new() { Fd = connection.Fd, Events = (short)events };
        }
        return at;
    }

    /// <summary>Reads what has come. <paramref name="fds"/> are those of the last
    /// <see cref="Watch"/>, waited for.</summary>
    /// <param name="handle">A message of the agent; its Hello comes first.</param>
    public void Serve(ReadOnlySpan<Libc.PollFd> fds, Moment now, Action<ToExecutor, Moment> handle)
    {
        for (var i = 1; i < fds.Length; i++)
        {
            if ((fds[i].Happened & ~Libc.POLLOUT) != 0)
                Serve(_connections[i - 1], now, handle);
        }
        if (fds[0].Happened != 0)
            Accept();
    }

    /// <summary>Tells the agent, if there is one.</summary>
    public void Tell(FromExecutor message) => _agent?.Add(message);

    /// <summary>Sends what was told, and drops connections that are broken.</summary>
    public void Flush()
    {
        for (var i = _connections.Count - 1; i >= 0; i--)
        {
            var connection = _connections[i];
            connection.Send();
            if (connection.Unsent > OutboxLimitBytes)
            {
                _log.Write("the agent does not read: it is cut off");
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
    }

    private void Accept()
    {
        const int Flags = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        int fd;
        while ((fd = Libc.accept4(_listenFd, null, null, Flags)) >= 0)
        {
            if (_connections.Count < ConnectionsMax)
                _connections.Add(new(fd));
            else
                _ = Libc.close(fd);
        }
    }

    private void Serve(Connection connection, Moment now, Action<ToExecutor, Moment> handle)
    {
        connection.Receive();
        while (connection.Next() is { } message)
        {
            if (message.MessageCase == ToExecutor.MessageOneofCase.Hello)
                Welcome(connection, message.Hello.Session);
            if (connection == _agent)
                handle(message, now);
            else
                connection.Break();
        }
    }

    /// <summary>A newer agent, or the same one over a new connection, replaces the one
    /// before.</summary>
    private void Welcome(Connection connection, long session)
    {
        if (_agent is { } before && before != connection)
        {
            if (session < before.Session)
                return;
            before.Break();
        }
        connection.Session = session;
        _agent = connection;
        _log.Write($"the agent of session {session} is here");
    }

    private void Drop(Connection connection)
    {
        if (connection == _agent)
        {
            _agent = null;
            _log.Write($"the agent of session {connection.Session} is gone");
        }
        _connections.Remove(connection);
        connection.Dispose();
    }
}
