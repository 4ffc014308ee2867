using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>The socket for terminals: a connection for each, of this user alone. It has a thread of
/// its own, and so has each terminal.</summary>
internal sealed class TerminalDoor : IDisposable
{
    private const int Backlog = 64;

    /// <summary>Connections over the limit of terminals, which are told so.</summary>
    private const int Spare = 16;

    /// <summary>After a failed accept, ms: there may be no descriptors left.</summary>
    private const int PauseMs = 100;

    /// <summary>What a terminal's thread needs, bytes.</summary>
    private const int StackBytes = 256 * 1024;

    private readonly int _listenFd;
    private readonly ITerminalDesk _desk;
    private readonly ExecutorLimits _limits;
    private readonly string _path;
    private int _open;
    private volatile bool _isClosed;

    private TerminalDoor(int listenFd, string path, ITerminalDesk desk, ExecutorLimits limits) =>
        (_listenFd, _path, _desk, _limits) = (listenFd, path, desk, limits);

    /// <summary>Null: the socket cannot be opened, and <see cref="Libc.Errno"/> says why.</summary>
    public static TerminalDoor? Open(string path, ITerminalDesk desk, ExecutorLimits limits)
    {
        var fd = UnixAddress.Listen(path, Backlog, flags: 0);
        if (fd < 0)
            return null;
        var door = new TerminalDoor(fd, path, desk, limits);
        new Thread(door.Run) { IsBackground = true, Name = "terminals" }.Start();
        return door;
    }

    /// <summary>Takes no more of them, and lets those that are told of their ends pass that
    /// on.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _ = Libc.unlink(_path);
        _ = Libc.shutdown(_listenFd, Libc.SHUT_RDWR);
        var until = Clock.NowMs() + Terminal.HangUpMs;
        while (Volatile.Read(ref _open) > 0 && Clock.NowMs() < until)
            Thread.Sleep(1);
    }

    private void Run()
    {
        while (!_isClosed)
        {
            var fd = Accept();
            if (fd >= 0 && !_isClosed && MayCome(fd))
                Serve(fd);
            else if (fd >= 0)
                _ = Libc.close(fd);
            else if (!_isClosed)
                Thread.Sleep(PauseMs);
        }
        _ = Libc.close(_listenFd);
    }

    private unsafe int Accept()
    {
        const int Flags = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        int fd;
        do fd = Libc.accept4(_listenFd, null, null, Flags);
        while (fd < 0 && Libc.Errno == Libc.EINTR);
        return fd;
    }

    private bool MayCome(int fd) =>
        Libc.UserOfPeer(fd) == Libc.geteuid()
        && Volatile.Read(ref _open) < _limits.Terminals.PerNode + Spare;

    private void Serve(int fd)
    {
        Interlocked.Increment(ref _open);
        var terminal = new Terminal(fd, _desk, _limits.Terminals);
        var thread = new Thread(
            () =>
            {
                terminal.Run();
                Interlocked.Decrement(ref _open);
            },
            StackBytes
        )
        {
            IsBackground = true,
            Name = "terminal",
        };
        thread.Start();
    }
}
