using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>The socket for terminals: one connection per terminal, for this user only. It has its
/// own thread, and so has each terminal.</summary>
internal sealed class TerminalListener : IDisposable
{
    private const int Backlog = 64;

    /// <summary>Connections accepted over the limit of terminals, in order to refuse them with a
    /// message.</summary>
    private const int Spare = 16;

    /// <summary>The pause after a failed accept, ms: no descriptors may be left.</summary>
    private const int PauseMs = 100;

    /// <summary>The stack size of a terminal's thread, bytes.</summary>
    private const int StackBytes = 256 * 1024;

    private readonly int _listenFd;
    private readonly ITerminalService _manager;
    private readonly ExecutorLimits _limits;
    private readonly SocketFile _file;
    private readonly Func<int, bool> _isNode;
    private int _open;
    private volatile bool _isClosed;

    private TerminalListener(
        int listenFd,
        string path,
        ITerminalService manager,
        ExecutorLimits limits,
        Func<int, bool> isNode
    ) =>
        (_listenFd, _file, _manager, _limits, _isNode) = (
            listenFd,
            SocketFile.Of(path),
            manager,
            limits,
            isNode
        );

    /// <summary>Opens the socket; null: failed, see <see cref="Libc.Errno"/>.</summary>
    /// <param name="isNode">Whether a process is the node, which alone is served.
    /// Thread-safe.</param>
    public static TerminalListener? Open(
        string path,
        ITerminalService manager,
        ExecutorLimits limits,
        Func<int, bool> isNode
    )
    {
        var fd = UnixAddress.Listen(path, Backlog, flags: 0);
        if (fd < 0)
            return null;
        var listener = new TerminalListener(fd, path, manager, limits, isNode);
        new Thread(listener.Run) { IsBackground = true, Name = "terminals" }.Start();
        return listener;
    }

    /// <summary>Whether clients reach it: its socket was not removed.</summary>
    public bool IsInPlace => _file.IsInPlace;

    /// <summary>Stops accepting, because another listener takes its place.</summary>
    public void Retire()
    {
        _isClosed = true;
        _ = Libc.shutdown(_listenFd, Libc.SHUT_RDWR);
    }

    /// <summary>Stops accepting, and gives terminals time to report their ends to their
    /// clients.</summary>
    public void Dispose()
    {
        _ = Libc.unlink(_file.Path);
        Retire();
        var until = Clock.NowMs() + JobTerminal.HangUpMs;
        while (Volatile.Read(ref _open) > 0 && Clock.NowMs() < until)
            Thread.Sleep(1);
    }

    private void Run()
    {
        while (!_isClosed)
        {
            var fd = Accept();
            if (fd >= 0 && !_isClosed && IsAccepted(fd))
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

    private bool IsAccepted(int fd) =>
        Libc.PeerOf(fd) is { } peer
        && peer.User == Libc.geteuid()
        && _isNode(peer.Pid)
        && Volatile.Read(ref _open) < _limits.Terminals.PerNode + Spare;

    private void Serve(int fd)
    {
        Interlocked.Increment(ref _open);
        var terminal = new JobTerminal(fd, _manager, _limits.Terminals);
        var thread = new Thread(
            () =>
            {
                try
                {
                    terminal.Run();
                }
                catch (Exception e)
                {
                    _manager.Failed(e);
                }
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
