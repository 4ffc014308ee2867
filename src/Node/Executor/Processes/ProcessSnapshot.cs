using System.Buffers.Binary;
using System.Buffers.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>A snapshot of the machine's processes and their parents.</summary>
internal sealed class ProcessSnapshot
{
    private readonly Dictionary<int, ProcessStat> _all = [];

    public IReadOnlyDictionary<int, ProcessStat> All => _all;

    /// <summary>Takes a snapshot in one pass over /proc. Kernel threads, which have no session, are
    /// left out.</summary>
    public static ProcessSnapshot Take()
    {
        var snapshot = new ProcessSnapshot();
        foreach (var pid in Pids())
        {
            if (Libc.getsid(pid) > 0 && ProcessStat.Read(pid) is { } stat)
                snapshot._all[pid] = stat;
        }
        return snapshot;
    }

    /// <summary>The child of <paramref name="parent"/> that this process is or descends from; 0:
    /// none.</summary>
    public int ChildAbove(int pid, int parent)
    {
        for (var steps = 0; steps < _all.Count && _all.TryGetValue(pid, out var stat); steps++)
        {
            if (stat.Parent == parent)
                return pid;
            pid = stat.Parent;
        }
        return 0;
    }

    /// <summary>Whether a process is the other one or descends from it.</summary>
    public bool DescendsFrom(int pid, int ancestor)
    {
        for (var steps = 0; steps < _all.Count && pid != ancestor; steps++)
        {
            if (!_all.TryGetValue(pid, out var stat))
                return false;
            pid = stat.Parent;
        }
        return pid == ancestor;
    }

    private static unsafe List<int> Pids()
    {
        const int NameAt = 19,
            LengthAt = 16,
            BufferBytes = 32 * 1024;
        var pids = new List<int>();
        var fd = Libc.open("/proc", Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        var buffer = new byte[BufferBytes];
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = Libc.getdents64(fd, start, BufferBytes)) > 0)
            {
                var entries = buffer.AsSpan(0, (int)count);
                while (!entries.IsEmpty)
                {
                    if (Utf8Parser.TryParse(entries[NameAt..], out int pid, out _))
                        pids.Add(pid);
                    entries = entries[
                        BinaryPrimitives.ReadUInt16LittleEndian(entries[LengthAt..])..
                    ];
                }
            }
        }
        _ = Libc.close(fd);
        return pids;
    }
}
