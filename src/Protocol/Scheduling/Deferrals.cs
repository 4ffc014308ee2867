using JobCloud.Protocol.Nodes;

namespace JobCloud.Protocol.Scheduling;

/// <summary>Translates the back-off of jobs from the wall clock, which can be set, to the
/// scheduler's clock.</summary>
internal readonly struct Deferrals
{
    private readonly IReadOnlyList<QueuedRange> _known;
    private readonly long _now;
    private readonly long _wall;

    private Deferrals(IReadOnlyList<QueuedRange> known, long now, long wall) =>
        (_known, _now, _wall) = (known, now, wall);

    /// <param name="known">The jobs of the segment that were queued before its update.</param>
    public static Deferrals Of(IEnumerable<QueuedRange> known, long now, long wall) =>
        new([.. known.Where(static range => range.NotBefore > 0)], now, wall);

    /// <summary>When the jobs may start; 0: at any time. A repeated report changes nothing, and no
    /// job waits longer than its back-off, whatever the wall clock shows.</summary>
    public long DueOf(RunnableJobs jobs)
    {
        if (jobs.NotBefore == 0)
            return 0;
        foreach (var range in _known)
            if (
                range.NotBefore == jobs.NotBefore
                && range.First <= jobs.First
                && jobs.First <= range.Last
            )
                return range.Due;
        var wait = jobs.NotBefore - _wall;
        return _now + (jobs.Backoff > 0 ? Math.Clamp(wait, 0, jobs.Backoff) : wait);
    }
}
