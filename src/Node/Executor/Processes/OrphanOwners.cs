using System.Buffers.Text;

namespace JobCloud.Node.Executor.Processes;

/// <summary>Orphans in general.</summary>
internal static class OrphanOwners
{
    /// <summary>Whether this process has orphans, or children from before its program
    /// started.</summary>
    public static bool HasChildren()
    {
        try
        {
            return File.ReadAllText($"/proc/self/task/{Libc.getpid()}/children").Length > 0;
        }
        catch (IOException)
        {
            // The list requires CONFIG_PROC_CHILDREN.
            return ProcessSnapshot.Take().All.Values.Any(stat => stat.Parent == Libc.getpid());
        }
    }
}

/// <summary>The orphaned processes of jobs, which the kernel makes children of this process, and
/// their owners. The kernel gives orphans to the main thread. Only the event-loop thread starts
/// processes, so the main thread's list of children contains only orphans and is nearly always
/// empty.</summary>
/// <param name="reaped">As Reaper.Reaped: a list read while a child is reaped may lack others
/// (proc_pid_children(5)).</param>
/// <typeparam name="TOwner">The type of a job.</typeparam>
internal sealed unsafe class OrphanOwners<TOwner>(Func<long> reaped) : IDisposable
    where TOwner : class
{
    /// <summary>The time to wait for an orphan to show its owner.</summary>
    private const long OwnerWithinMs = 250;

    private const int BufferBytes = 64 * 1024;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Dictionary<int, TOwner> _known = [];
    private readonly Dictionary<int, long> _undecided = [];
    private readonly int _self = Libc.getpid();
    private readonly int _childrenFd = Libc.open(
        $"/proc/self/task/{Libc.getpid()}/children",
        Libc.O_RDONLY | Libc.O_CLOEXEC,
        0
    );

    /// <summary>Looks for new orphans; <paramref name="ownerOf"/> returns the owner of one. Looks
    /// again if a child was reaped meanwhile, because that child may have left children.</summary>
    public void Refresh(Func<int, Ownership<TOwner>> ownerOf, long now)
    {
        long reapedBefore;
        do
        {
            reapedBefore = reaped();
            FindNew(ownerOf, now);
        } while (reapedBefore % 2 != 0 || reaped() != reapedBefore);
    }

    /// <summary>Whether there are orphans whose owner is unknown.</summary>
    public bool HasUnowned { get; private set; }

    /// <summary>Whether there are orphans, or children of theirs, whose owner cannot be determined
    /// yet because they are about to exit or exec.</summary>
    public bool HasUndecided { get; private set; }

    public bool Any(TOwner wanted)
    {
        foreach (var owner in _known.Values)
        {
            if (owner == wanted)
                return true;
        }
        return false;
    }

    /// <summary>The orphans of an owner that are still children of this process.</summary>
    public List<int> Of(TOwner wanted) =>
        _known.Count == 0
            ? []
            :
            [
                .. _known
                    .Where(one => one.Value == wanted)
                    .Select(static one => one.Key)
                    .Where(pid => ProcessStat.Read(pid)?.Parent == _self),
            ];

    public TOwner? OwnerOf(int pid) => _known.GetValueOrDefault(pid);

    /// <summary>Forgets a reaped orphan, whose pid may be reused, and returns its owner.</summary>
    public TOwner? Reaped(int pid)
    {
        _undecided.Remove(pid);
        return _known.Remove(pid, out var owner) ? owner : null;
    }

    public void Dispose() => _ = Libc.close(_childrenFd);

    private void FindNew(Func<int, Ownership<TOwner>> ownerOf, long now)
    {
        (HasUnowned, HasUndecided) = (false, false);
        foreach (var pid in Children())
        {
            if (_known.ContainsKey(pid))
                continue;
            var ownership = ownerOf(pid);
            if (ownership.Owner is { } owner)
                _known.Add(pid, owner);
            else
                HasUnowned = true;
            if (ownership.IsCertain)
                _undecided.Remove(pid);
            else
                HasUndecided |= MayStillBeDecided(pid, now);
        }
    }

    private bool MayStillBeDecided(int pid, long now)
    {
        if (!_undecided.TryGetValue(pid, out var since))
            _undecided.Add(pid, since = now);
        return now - since < OwnerWithinMs;
    }

    private List<int> Children()
    {
        // The list requires CONFIG_PROC_CHILDREN.
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

    /// <summary>Parses pids, each followed by a space; moves an incomplete one to the start of the
    /// buffer and returns its length.</summary>
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
