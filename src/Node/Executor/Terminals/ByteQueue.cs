namespace JobCloud.Node.Executor.Terminals;

/// <summary>A first-in first-out queue of bytes.</summary>
internal sealed class ByteQueue
{
    private const int MinCapacity = 32 * 1024;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    /// <summary>The queued bytes; valid until the next change.</summary>
    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start, Count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _end < bytes.Length)
            Grow(Count + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Removes the first <paramref name="count"/> bytes.</summary>
    public void Remove(int count)
    {
        _start += count;
        if (_start == _end)
            (_start, _end) = (0, 0);
    }

    private void Grow(int wanted)
    {
        var target = wanted > _bytes.Length ? new byte[Math.Max(MinCapacity, 2 * wanted)] : _bytes;
        Buffer.BlockCopy(_bytes, _start, target, 0, Count);
        (_bytes, _start, _end) = (target, 0, Count);
    }
}
