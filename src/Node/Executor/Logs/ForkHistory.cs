using System.Numerics;
using System.Runtime.InteropServices;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>The recent parent of each process, even after both have exited. The kernel records
/// forks in a ring per core, which costs a start well under a microsecond; the ring is read only on
/// demand (perf_event_open(2)). Thread-safe.</summary>
internal sealed unsafe class ForkHistory : IDisposable
{
    /// <summary>Offset of the head in struct perf_event_mmap_page, which precedes the
    /// records.</summary>
    private const int HeadAt = 1_024;

    /// <summary>The kernel may be overwriting this much of the oldest records.</summary>
    private const long Margin = 1_024;

    private readonly Lock _reading = new();
    private readonly List<nint> _rings = [];
    private readonly long _head = Libc.sysconf(Libc.SC_PAGESIZE);
    private readonly long _size;
    private readonly byte[] _copy;

    private ForkHistory(long bytes)
    {
        _size = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(bytes, _head));
        _copy = new byte[_size];
    }

    /// <summary>Starts recording; null: this process may not observe others.</summary>
    /// <param name="bytes">Size of the ring per core; a process takes 64 bytes.</param>
    public static ForkHistory? Open(long bytes)
    {
        var history = new ForkHistory(bytes);
        var cores = (int)Libc.sysconf(Libc.SC_NPROCESSORS_CONF);
        for (var core = 0; core < cores; core++)
        {
            // An offline core has no events and no processes.
            var fd = Libc.OpenTaskEvents(core);
            if (fd < 0 && Libc.Errno == Libc.ENODEV)
                continue;
            var ring = fd < 0 ? Libc.MAP_FAILED : history.Map(fd);
            if (fd >= 0)
                _ = Libc.close(fd);
            if (ring == Libc.MAP_FAILED)
            {
                history.Dispose();
                return null;
            }
            history._rings.Add(ring);
        }
        return history;
    }

    /// <summary>The parent that started this process; 0: too long ago.</summary>
    public int ParentOf(int pid)
    {
        ForkRecords.ProcessStart latest = default;
        lock (_reading)
        {
            foreach (var ring in _rings)
            {
                if (ForkRecords.Of(pid, Read((byte*)ring)) is { } found && found.At >= latest.At)
                    latest = found;
            }
        }
        return latest.Parent;
    }

    public void Dispose()
    {
        lock (_reading)
        {
            foreach (var ring in _rings)
                _ = Libc.munmap(ring, (nuint)(_head + _size));
            _rings.Clear();
        }
    }

    private nint Map(int fd) =>
        Libc.mmap(0, (nuint)(_head + _size), Libc.PROT_READ, Libc.MAP_SHARED, fd, 0);

    /// <summary>Copies the ring, newest record first: the kernel writes it from its end to its
    /// start, round and round. Leaves out records overwritten during the copy.</summary>
    private ReadOnlySpan<byte> Read(byte* ring)
    {
        ref var head = ref MemoryMarshal.GetReference(new Span<long>(ring + HeadAt, 1));
        var before = Volatile.Read(ref head);
        var start = (int)(before & (_size - 1));
        var records = new ReadOnlySpan<byte>(ring + _head, (int)_size);
        records[start..].CopyTo(_copy);
        records[..start].CopyTo(_copy.AsSpan((int)_size - start));
        var isRound = -before > _size - Margin;
        var valid = isRound ? _size - Margin - (before - Volatile.Read(ref head)) : -before;
        return _copy.AsSpan(0, (int)Math.Max(0, valid));
    }
}
