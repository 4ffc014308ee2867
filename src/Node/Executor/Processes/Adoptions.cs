using System.Buffers.Text;
using JobCloud.Node.Executor.Attempts;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The orphans of jobs, which the kernel makes children of this process, and whose they
/// are. The kernel gives orphans to the main thread; as only the loop's thread starts processes, the
/// list of the main thread's children holds orphans alone and is nearly always empty.</summary>
internal sealed unsafe class Adoptions : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<int, Attempt> _known = [];
    private readonly int _self = Libc.getpid();
    private readonly int _childrenFd;

    public Adoptions() =>
        _childrenFd = Libc.open(
            $"/proc/self/task/{_self}/children",
            Libc.O_RDONLY | Libc.O_CLOEXEC,
            0
        );

    /// <summary>Looks for new orphans; <paramref name="ownerOf"/> tells whose one is.</summary>
    public void Refresh(Func<int, Attempt?> ownerOf)
    {
        HasStrangers = false;
        foreach (var pid in Children())
        {
            if (_known.ContainsKey(pid))
                continue;
            if (ownerOf(pid) is { } owner)
                _known.Add(pid, owner);
            else
                HasStrangers = true;
        }
    }

    /// <summary>Whether there are orphans whose owner is not known.</summary>
    public bool HasStrangers { get; private set; }

    public bool Any(Attempt attempt)
    {
        foreach (var owner in _known.Values)
        {
            if (owner == attempt)
                return true;
        }
        return false;
    }

    public Attempt? OwnerOf(int pid) => _known.GetValueOrDefault(pid);

    /// <summary>The orphan was reaped: from now on its pid may be another's.</summary>
    public Attempt? Reaped(int pid) => _known.Remove(pid, out var owner) ? owner : null;

    public void Dispose() => _ = Libc.close(_childrenFd);

    private List<int> Children()
    {
        // Without CONFIG_PROC_CHILDREN there is no such list.
        if (_childrenFd < 0)
            return [.. ProcessSnapshot.Take().All.Values.Where(IsChild).Select(stat => stat.Pid)];
        var pids = new List<int>();
        long offset = 0;
        var kept = 0;
        fixed (byte* start = _buffer)
        {
            nint count;
            while ((count = Libc.pread(_childrenFd, start + kept, BufferBytes - kept, offset)) > 0)
            {
                offset += count;
                kept = Parse(_buffer.AsSpan(0, kept + (int)count), pids);
            }
        }
        return pids;
    }

    /// <summary>Reads the pids, each followed by a blank; moves what is left of a cut one to the
    /// start and returns its length.</summary>
    private static int Parse(Span<byte> text, List<int> pids)
    {
        var rest = text;
        int end;
        while ((end = rest.IndexOf((byte)' ')) >= 0)
        {
            if (Utf8Parser.TryParse(rest[..end], out int pid, out _))
                pids.Add(pid);
            rest = rest[(end + 1)..];
        }
        rest.CopyTo(text);
        return rest.Length;
    }

    private bool IsChild(ProcessStat stat) => stat.Parent == _self;
}
