using System.Collections;

namespace JobCloud.Tui.FullScreen.Model;

/// <summary>A long immutable list, stored in chunks. A list that differs little from another shares
/// most chunks with it, and no chunk is so large that the garbage collector treats it as a large
/// object.</summary>
internal sealed class ChunkedList<T> : IReadOnlyList<T>
    where T : class
{
    private const int Bits = 8;
    private const int Size = 1 << Bits;

    private readonly T[][] _chunks;

    private ChunkedList(T[][] chunks, int count) => (_chunks, Count) = (chunks, count);

    public static ChunkedList<T> Empty { get; } = new([], 0);

    public int Count { get; }

    public T this[int index] => _chunks[index >> Bits][index & (Size - 1)];

    /// <summary>A new list that shares the unchanged chunks with this one.</summary>
    public ChunkedList<T> Next(int count, Func<int, T> itemAt)
    {
        var chunks = new T[(count + Size - 1) >> Bits][];
        for (var i = 0; i < chunks.Length; i++)
        {
            var length = Math.Min(Size, count - (i << Bits));
            chunks[i] =
                i < _chunks.Length && IsSame(_chunks[i], i << Bits, length, itemAt)
                    ? _chunks[i]
                    : Chunk(i << Bits, length, itemAt);
        }
        return new ChunkedList<T>(chunks, count);
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var chunk in _chunks)
        foreach (var item in chunk)
            yield return item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool IsSame(T[] chunk, int from, int length, Func<int, T> itemAt)
    {
        if (chunk.Length != length)
            return false;
        for (var i = 0; i < length; i++)
            if (!ReferenceEquals(chunk[i], itemAt(from + i)))
                return false;
        return true;
    }

    private static T[] Chunk(int from, int length, Func<int, T> itemAt)
    {
        var chunk = new T[length];
        for (var i = 0; i < length; i++)
            chunk[i] = itemAt(from + i);
        return chunk;
    }
}
