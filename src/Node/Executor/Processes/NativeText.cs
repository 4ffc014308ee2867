using System.Runtime.InteropServices;
using System.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The zero-terminated strings and arrays for one call to posix_spawn, in memory that the
/// next call reuses. Addresses are valid until <see cref="Clear"/>.</summary>
internal sealed unsafe class NativeText : IDisposable
{
    private const nuint BlockBytes = 64 * 1024;
    private readonly List<(nint At, nuint Size)> _blocks = [];
    private int _block = -1;
    private nuint _used;

    /// <summary>Frees all strings; keeps the first block.</summary>
    public void Clear()
    {
        for (var i = _blocks.Count - 1; i > 0; i--)
        {
            NativeMemory.Free((void*)_blocks[i].At);
            _blocks.RemoveAt(i);
        }
        (_block, _used) = (_blocks.Count - 1, 0);
    }

    /// <summary>Adds a zero-terminated copy in UTF-8.</summary>
    public byte* Add(string text)
    {
        var room = (nuint)Encoding.UTF8.GetMaxByteCount(text.Length) + 1;
        var at = Room(room);
        var length = Encoding.UTF8.GetBytes(text, new Span<byte>(at, (int)room - 1));
        at[length] = 0;
        _used += (nuint)length + 1;
        return at;
    }

    /// <summary>Adds an array for <paramref name="count"/> strings and a terminating
    /// null.</summary>
    public byte** AddArray(int count)
    {
        _used = (_used + 7) & ~(nuint)7;
        var size = (nuint)(count + 1) * (nuint)sizeof(byte*);
        var array = (byte**)Room(size);
        _used += size;
        array[count] = null;
        return array;
    }

    public void Dispose()
    {
        foreach (var (at, _) in _blocks)
            NativeMemory.Free((void*)at);
        _blocks.Clear();
    }

    private byte* Room(nuint size)
    {
        if (_block < 0 || _blocks[_block].Size - _used < size)
        {
            var bytes = Math.Max(size, BlockBytes);
            _blocks.Add(((nint)NativeMemory.Alloc(bytes), bytes));
            (_block, _used) = (_blocks.Count - 1, 0);
        }
        return (byte*)_blocks[_block].At + _used;
    }
}
