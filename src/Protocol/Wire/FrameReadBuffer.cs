namespace JobCloud.Protocol.Wire;

/// <summary>Buffers received bytes and splits them into frames.</summary>
/// <param name="maxBytes">The longest accepted frame.</param>
public sealed class FrameReadBuffer(int maxBytes = Frames.MaxBytes)
{
    private const int Smallest = 64 * 1024;
    private byte[] _bytes = new byte[Smallest];
    private int _start;
    private int _end;

    /// <summary>The number of received bytes not taken yet.</summary>
    public int Count => _end - _start;

    /// <summary>Space to receive into: at least half of the smallest buffer.</summary>
    public Memory<byte> Room()
    {
        if (_bytes.Length - _end < Smallest / 2)
            MakeRoom();
        return _bytes.AsMemory(_end);
    }

    /// <summary>Records that the first <paramref name="count"/> bytes of the space were
    /// filled.</summary>
    public void Filled(int count) => _end += count;

    /// <summary>Takes the next complete frame; its body is valid until the next call of
    /// <see cref="Room"/>.</summary>
    public FrameStatus Next(out ReadOnlySpan<byte> body)
    {
        var status = Frames.Read(
            _bytes.AsSpan(_start, Count),
            maxBytes,
            out var at,
            out var length
        );
        body = default;
        if (status != FrameStatus.Whole)
            return status;
        body = _bytes.AsSpan(_start + at, length);
        _start += at + length;
        if (_start != _end)
            return status;
        (_start, _end) = (0, 0);
        if (_bytes.Length > 64 * Smallest)
            _bytes = new byte[Smallest];
        return status;
    }

    private void MakeRoom()
    {
        var wanted = Math.Max(Smallest, Count + Smallest / 2);
        var target = wanted > _bytes.Length ? new byte[Math.Max(wanted, 2 * Count)] : _bytes;
        Buffer.BlockCopy(_bytes, _start, target, 0, Count);
        (_bytes, _start, _end) = (target, 0, Count);
    }
}
