using System.Collections.Concurrent;
using JobCloud.Node.Executor.Processes;
using JobCloud.Protocol.Attempts;

namespace JobCloud.Node.Executor.Logs;

/// <summary>The sessions that jobs began, also for a while after their ends: what a process said
/// last is read when it may be gone. Changed by the loop's thread, read by any.</summary>
internal sealed class JobSessions(string home)
{
    /// <summary>How long a job that ended is still known: shorter than a pid takes to come round
    /// again.</summary>
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

    /// <summary>Whose these are. The cheapest question comes first: a process that said its last
    /// word is soon gone.</summary>
    public AttemptId? OwnerOf(ProcessKin kin)
    {
        foreach (var pid in kin.Pids)
        {
            if (_all.TryGetValue(pid, out var owner))
                return owner;
        }
        return kin.Living > 0 ? ProcessMark.Of(kin.Living, home, out _) : null;
    }

    /// <summary>Whose cgroup this is: one of its folders has the name of the attempt.</summary>
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
