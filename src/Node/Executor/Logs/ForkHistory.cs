using System.Numerics;
using System.Runtime.InteropServices;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Logs;

namespace JobCloud.Node.Executor.Logs;

/// <summary>Who began whom in the last moments, also where both are gone: the kernel writes it down
/// in a ring a core, which costs a start well under a microsecond and nobody reads until somebody
/// asks (perf_event_open(2)). For any thread.</summary>
internal sealed unsafe class ForkHistory : IDisposable
{
    /// <summary>Of struct perf_event_mmap_page, which comes before the records.</summary>
    private const int HeadAt = 1_024;

    /// <summary>The kernel may be writing so much over the oldest records, unannounced.</summary>
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

    /// <summary>Begins to write down; null: this process may not look at others so.</summary>
    /// <param name="bytes">Of the ring of a core: 64 a process.</param>
    public static ForkHistory? Open(long bytes)
    {
        var history = new ForkHistory(bytes);
        var cores = (int)Libc.sysconf(Libc.SC_NPROCESSORS_CONF);
        for (var core = 0; core < cores; core++)
        {
            // A core that is switched off has no events, and no processes.
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

    /// <summary>Who began this process; 0: it is too long ago.</summary>
    public int ParentOf(int pid)
    {
        ForkRecords.Beginning latest = default;
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

    /// <summary>The ring is written from its end to its start, round and round, so that the newest
    /// record is where its head is; what was written over during the copy is left out.</summary>
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
