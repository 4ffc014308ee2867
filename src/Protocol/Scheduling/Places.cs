using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Finds the places of jobs in the queue. The wall clocks of nodes differ and can be set:
/// only where the scheduler did not see a job come do they tell how long it has waited.</summary>
internal readonly struct Places
{
    private readonly JobQueue _queue;
    private readonly IReadOnlyList<QueuedRange> _replaced;
    private readonly bool _sawNone;
    private readonly long _now;
    private readonly long _wall;

    /// <param name="queue">The queue before the update.</param>
    /// <param name="sawNone">Whether jobs of the update may have come before the scheduler heard
    /// of the segment.</param>
    public Places(JobQueue queue, SegmentUpdate update, bool sawNone, long now, long wall)
    {
        (_queue, _sawNone, _now, _wall) = (queue, sawNone, now, wall);
        _replaced = update.Full ? [.. queue.In(update.Segment)] : [];
    }

    /// <summary>A queued job keeps its place.</summary>
    public long Of(RunnableJobs jobs)
    {
        if ((_queue.Find(new Jid(jobs.First)) ?? Replaced(jobs.First)) is { } known)
            return known.Place;
        return _sawNone || jobs.Waited ? _now - Math.Max(0, _wall - jobs.Created) : _now;
    }

    private QueuedRange? Replaced(long jid)
    {
        foreach (var range in _replaced)
            if (range.First <= jid && jid <= range.Last)
                return range;
        return null;
    }
}
