using System.Collections.Concurrent;
using JobCloud.Node.Executor.Attempts;
using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Logs;

/// <summary>The sessions that jobs began, also for a while after their ends: what a process said
/// last is read when it may be gone. Changed by the loop's thread, read by any.</summary>
internal sealed class JobSessions(string home)
{
    /// <summary>Shorter than any pid takes to come round again, ms.</summary>
    private const long KeptMs = 1_000;

    private readonly ConcurrentDictionary<int, AttemptId> _all = new();
    private readonly Queue<(int Pid, AttemptId Id, long At)> _ended = new();

    public void Started(int pid, AttemptId id) => _all[pid] = id;

    public void Ended(int pid, AttemptId id)
    {
        var now = Clock.NowMs();
        _ended.Enqueue((pid, id, now));
        while (_ended.TryPeek(out var old) && now - old.At > KeptMs)
        {
            _ended.Dequeue();
            _all.TryRemove(new(old.Pid, old.Id));
        }
    }

    /// <summary>Whose process this is, or was a moment ago. The cheapest questions come first: a
    /// process that said its last word is soon gone.</summary>
    public AttemptId? OwnerOf(int pid, out int session)
    {
        session = Libc.getsid(pid);
        return OwnerOf(pid, session) ?? ProcessMark.Of(pid, home, out _);
    }

    /// <summary>Whose process of this session it was; null: no job's that is known yet.</summary>
    public AttemptId? OwnerOf(int pid, int session) =>
        _all.TryGetValue(pid, out var first) ? first
        : _all.TryGetValue(session, out var own) ? own
        : null;

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
