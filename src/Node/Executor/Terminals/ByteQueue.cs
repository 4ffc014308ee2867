namespace JobCloud.Node.Executor.Terminals;

/// <summary>Bytes that wait, in the order that they came.</summary>
internal sealed class ByteQueue
{
    private const int Smallest = 32 * 1024;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    /// <summary>Valid until the next change.</summary>
    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start, Count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _end < bytes.Length)
            MakeRoom(Count + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The first <paramref name="count"/> of those that wait are done with.</summary>
    public void Remove(int count)
    {
        _start += count;
        if (_start == _end)
            (_start, _end) = (0, 0);
    }

    public void Clear() => (_bytes, _start, _end) = ([], 0, 0);

    private void MakeRoom(int wanted)
    {
        var target = wanted > _bytes.Length ? new byte[Math.Max(Smallest, 2 * wanted)] : _bytes;
        Buffer.BlockCopy(_bytes, _start, target, 0, Count);
        (_bytes, _start, _end) = (target, 0, Count);
    }
}
