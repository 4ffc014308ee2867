using Google.Protobuf;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Terminals;
using JobCloud.Protocol.Wire;

namespace JobCloud.Node.Executor.Terminals;

/// <summary>The client's side of a terminal: frames in both directions over a non-blocking
/// connection. At most one frame of output is in transit, so that a client that does not read
/// blocks the writer. Not thread-safe.</summary>
internal sealed unsafe class ClientLink(int fd) : IDisposable
{
    /// <summary>Maximum frame length; an open request may contain a long command.</summary>
    private const int LongestFrame = 4 << 20;

    private const int Room = TerminalFrames.HeadBytes;
    private readonly FrameReadBuffer _inbox = new(LongestFrame);
    private readonly FrameWriteBuffer _messages = new();
    private readonly byte[] _chunk = new byte[Room + TerminalFrames.ChunkBytes];
    private int _start;
    private int _end;

    public int Fd => fd;

    /// <summary>The client closed the connection or violated the protocol.</summary>
    public bool IsGone { get; private set; }

    /// <summary>All output has been sent.</summary>
    public bool IsIdle => _start == _end && _messages.Count == 0;

    public void Break() => IsGone = true;

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
            IsGone = true;
    }

    /// <summary>Gets the next complete frame; its body is valid until the next
    /// <see cref="Receive"/>.</summary>
    public bool Next(out ReadOnlySpan<byte> body)
    {
        body = default;
        if (IsGone)
            return false;
        var status = _inbox.Next(out body);
        IsGone = status == FrameStatus.Malformed;
        return status == FrameStatus.Whole;
    }

    public void Add(IMessage message) => _messages.Add(message);

    /// <summary>Reads from a descriptor directly into a frame and starts to send it. Only when
    /// idle.</summary>
    /// <returns>As read(2): 0 at the end; -1: failed, see <see cref="Libc.Errno"/>.</returns>
    public int Relay(int from, int field, int max)
    {
        nint count;
        fixed (byte* chunk = _chunk)
            count = Libc.read(from, chunk + Room, Math.Min(max, TerminalFrames.ChunkBytes));
        if (count <= 0)
            return (int)count;
        _start = Room - TerminalFrames.WriteHead(field, (int)count, _chunk.AsSpan(0, Room));
        _end = Room + (int)count;
        Send();
        return (int)count;
    }

    /// <summary>Sends as much as the connection accepts: the current frame, then
    /// messages.</summary>
    public void Send()
    {
        while (_start < _end && Send(_chunk.AsSpan(_start, _end - _start)) is > 0 and var sent)
            _start += sent;
        while (
            _start == _end
            && _messages.Count > 0
            && Send(_messages.Pending.Span) is > 0 and var sent
        )
            _messages.Written(sent);
    }

    /// <summary>Shuts down the sending direction.</summary>
    public void EndOutput() => _ = Libc.shutdown(fd, Libc.SHUT_WR);

    public void Dispose() => _ = Libc.close(fd);

    private int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsGone)
            return 0;
        nint count;
        fixed (byte* source = bytes)
            count = Libc.send(fd, source, bytes.Length, Libc.MSG_NOSIGNAL);
        if (count < 0 && Libc.Errno is not (Libc.EAGAIN or Libc.EINTR))
            IsGone = true;
        return (int)count;
    }
}
