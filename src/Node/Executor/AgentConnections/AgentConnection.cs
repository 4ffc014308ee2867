using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Execution;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Executor.AgentConnections;

/// <summary>A non-blocking connection to the executor's socket.</summary>
internal sealed unsafe class AgentConnection(int fd) : IDisposable
{
    private readonly FrameReadBuffer _inbox = new();
    private readonly FrameWriteBuffer _outbox = new();

    public int Fd => fd;

    /// <summary>The session in the Hello received on this connection; null: none yet.</summary>
    public long? Session { get; set; }
    public bool IsBroken { get; private set; }
    public int Unsent => _outbox.Count;

    /// <summary>Whether the socket did not accept all bytes of the last send.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>The kinds of the reports added since the last send.</summary>
    public QueuedReports Queued { get; private set; }

    public void Add(FromExecutor message)
    {
        _outbox.Add(message);
        Queued |= message.MessageCase switch
        {
            FromExecutor.MessageOneofCase.Started => QueuedReports.Starts,
            FromExecutor.MessageOneofCase.Ended => QueuedReports.Ends,
            _ => QueuedReports.Others,
        };
    }

    /// <summary>Reads received bytes, up to one buffer.</summary>
    public void Receive()
    {
        var room = _inbox.Room().Span;
        nint count;
        fixed (byte* target = room)
            count = Libc.recv(fd, target, room.Length, 0);
        if (count > 0)
            _inbox.Filled((int)count);
        else if (count == 0 || Libc.Errno is not (Libc.EAGAIN or Libc.EINTR))
            IsBroken = true;
    }

    /// <summary>The next complete message; null: none, or the connection is broken.</summary>
    public ToExecutor? Next()
    {
        if (IsBroken)
            return null;
        var status = _inbox.Next(out var body);
        if (status == FrameStatus.Incomplete)
            return null;
        if (
            status == FrameStatus.Whole
            && Frames.TryParse(ToExecutor.Parser, body, out var message)
        )
            return message;
        IsBroken = true;
        return null;
    }

    /// <summary>Sends as many bytes as the socket accepts.</summary>
    public void Send()
    {
        (Queued, IsBlocked) = (QueuedReports.None, false);
        while (_outbox.Count > 0 && !IsBroken)
        {
            nint count;
            fixed (byte* bytes = _outbox.Pending.Span)
                count = Libc.send(fd, bytes, _outbox.Count, Libc.MSG_NOSIGNAL);
            if (count > 0)
                _outbox.Written((int)count);
            else if (Libc.Errno == Libc.EAGAIN)
            {
                IsBlocked = true;
                return;
            }
            else if (Libc.Errno != Libc.EINTR)
                IsBroken = true;
        }
    }

    public void Break() => IsBroken = true;

    public void Dispose() => _ = Libc.close(fd);
}
