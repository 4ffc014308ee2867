using System.Buffers.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>The orphans of jobs, which the kernel makes children of this process, and whose they
/// are. The kernel gives orphans to the main thread; as only the loop's thread starts processes,
/// the list of the main thread's children holds orphans alone and is nearly always empty.</summary>
/// <param name="reaped">As Reaper.Reaped: a list that is read while a child is reaped may
/// lack others (proc_pid_children(5)).</param>
/// <typeparam name="TOwner">A job.</typeparam>
internal sealed unsafe class Adoptions<TOwner>(Func<long> reaped) : IDisposable
    where TOwner : class
{
    /// <summary>How long an orphan may keep its owner to itself.</summary>
    private const long PatienceMs = 250;

    private const int BufferBytes = 64 * 1024;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<int, TOwner> _known = [];
    private readonly Dictionary<int, long> _puzzles = [];
    private readonly int _self = Libc.getpid();
    private readonly int _childrenFd = Libc.open(
        $"/proc/self/task/{Libc.getpid()}/children",
        Libc.O_RDONLY | Libc.O_CLOEXEC,
        0
    );

    /// <summary>Looks for new orphans; <paramref name="ownerOf"/> tells whose one is. It looks
    /// again when a child was reaped meanwhile: that one may have left children of its
    /// own.</summary>
    public void Refresh(Func<int, Ownership<TOwner>> ownerOf, long now)
    {
        long before;
        do
        {
            before = reaped();
            Look(ownerOf, now);
        } while (before % 2 != 0 || reaped() != before);
    }

    /// <summary>Whether there are orphans whose owner is not known.</summary>
    public bool HasStrangers { get; private set; }

    /// <summary>Whether there are orphans, or children of theirs, whose owner can be told only
    /// later: they are about to end or to run another program.</summary>
    public bool HasPuzzles { get; private set; }

    public bool Any(TOwner wanted)
    {
        foreach (var owner in _known.Values)
        {
            if (owner == wanted)
                return true;
        }
        return false;
    }

    public TOwner? OwnerOf(int pid) => _known.GetValueOrDefault(pid);

    /// <summary>The orphan was reaped: from now on its pid may be another's.</summary>
    public TOwner? Reaped(int pid)
    {
        _puzzles.Remove(pid);
        return _known.Remove(pid, out var owner) ? owner : null;
    }

    public void Dispose() => _ = Libc.close(_childrenFd);

    private void Look(Func<int, Ownership<TOwner>> ownerOf, long now)
    {
        (HasStrangers, HasPuzzles) = (false, false);
        foreach (var pid in Children())
        {
            if (_known.ContainsKey(pid))
                continue;
            var ownership = ownerOf(pid);
            if (ownership.Owner is { } owner)
                _known.Add(pid, owner);
            else
                HasStrangers = true;
            if (ownership.IsCertain)
                _puzzles.Remove(pid);
            else
                HasPuzzles |= MayStillBeSolved(pid, now);
        }
    }

    private bool MayStillBeSolved(int pid, long now)
    {
        if (!_puzzles.TryGetValue(pid, out var since))
            _puzzles.Add(pid, since = now);
        return now - since < PatienceMs;
    }

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
