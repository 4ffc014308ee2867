using System.Collections.Concurrent;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Logs;

/// <summary>The sessions of jobs, kept for a while after their ends, because a process's last
/// message may be read after it has exited. Written by the event-loop thread, read by any
/// thread.</summary>
internal sealed class JobSessions(string home)
{
    /// <summary>The time that an ended job stays known; shorter than the time until a pid is
    /// reused.</summary>
    private const long MemoryMs = 1_000;

    private readonly ConcurrentDictionary<int, AttemptId> _all = new();
    private readonly Queue<(int Pid, AttemptId Id, long At)> _ended = new();

    public void Started(int pid, AttemptId id) => _all[pid] = id;

    public void Ended(int pid, AttemptId id, long now)
    {
        _ended.Enqueue((pid, id, now));
        while (_ended.TryPeek(out var old) && now - old.At > MemoryMs)
        {
            _ended.Dequeue();
            _all.TryRemove(new(old.Pid, old.Id));
        }
    }

    /// <summary>Returns the owner of a process. The cheapest test comes first, because a process
    /// that has just logged may exit at once.</summary>
    public AttemptId? OwnerOf(ProcessLineage kin)
    {
        foreach (var pid in kin.Pids)
        {
            if (_all.TryGetValue(pid, out var owner))
                return owner;
        }
        return kin.FirstAlive > 0 ? ProcessMark.Of(kin.FirstAlive, home, out _) : null;
    }

    /// <summary>Returns the owner of a cgroup: one of its path components is the attempt's
    /// name.</summary>
    public AttemptId? OwnerOf(string cgroup)
    {
        var folders = cgroup.Split('/').ToHashSet();
        foreach (var id in _all.Values)
        {
            if (folders.Contains(id.ToString()))
                return id;
        }
        return null;
    }
}
