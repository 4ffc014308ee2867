using Google.Protobuf;

namespace JobCloud.Protocol.Wire;

/// <summary>Buffers messages as frames, to write them in large blocks.</summary>
public sealed class FrameWriteBuffer
{
    private const int Smallest = 64 * 1024;
    private byte[] _bytes = new byte[Smallest];
    private int _start;
    private int _end;

    /// <summary>The number of bytes to write.</summary>
    public int Count => _end - _start;

    /// <summary>The bytes to write; valid until the next message is added.</summary>
    public ReadOnlyMemory<byte> Pending => _bytes.AsMemory(_start, Count);

    public void Add(IMessage message)
    {
        var size = Frames.SizeOf(message);
        if (_bytes.Length - _end < size)
            MakeRoom(size);
        _end += Frames.Write(message, _bytes.AsSpan(_end));
    }

    /// <summary>Records that the first <paramref name="count"/> bytes were written.</summary>
    public void Written(int count)
    {
        _start += count;
        if (_start < _end)
            return;
        (_start, _end) = (0, 0);
        if (_bytes.Length > 64 * Smallest)
            _bytes = new byte[Smallest];
    }

    private void MakeRoom(int size)
    {
        var wanted = Count + size;
        var target =
            wanted > _bytes.Length ? new byte[Math.Max(wanted, 2 * _bytes.Length)] : _bytes;
        Buffer.BlockCopy(_bytes, _start, target, 0, Count);
        (_bytes, _start, _end) = (target, 0, Count);
    }
}
