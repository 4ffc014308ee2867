using JobCloud.Protocol.Api;

namespace JobCloud.Protocol.Past;

/// <summary>Counts jobs by spans of time: those that were submitted, started and ended in each
/// span, and those that were processing or had not started at its end.</summary>
public sealed class ActivityFold
{
    public const int MaxSpans = 1_000;
    public const long MinSpan = 1_000_000;

    /// <summary>The longest period, in µs: it keeps sums within their type.</summary>
    private const long MaxPeriod = 100L * 365 * 24 * 3_600 * 1_000_000;

    private readonly long _from;
    private readonly long _span;
    private readonly int _spans;
    private readonly long[] _submitted;
    private readonly long[] _started;
    private readonly long[] _done;
    private readonly long[] _failed;

    // The changes of the levels in each span; the first also has what was before.
    private readonly long[] _processing;
    private readonly long[] _unstarted;

    public ActivityFold(ActivityRequest request)
    {
        (_from, _span, _spans) = (request.From, request.SpanUs, request.Spans);
        (_submitted, _started) = (new long[_spans], new long[_spans]);
        (_done, _failed) = (new long[_spans], new long[_spans]);
        (_processing, _unstarted) = (new long[_spans], new long[_spans]);
    }

    /// <summary>The end of the last span.</summary>
    public long Until => _from + _spans * _span;

    /// <summary>What is wrong with a request; null: nothing.</summary>
    public static string? Check(ActivityRequest request)
    {
        if (request.Spans is < 1 or > MaxSpans)
            return $"Ask for 1 to {MaxSpans} spans (got {request.Spans}).";
        if (request.SpanUs < MinSpan)
            return "A span has at least one second.";
        return request.SpanUs > MaxPeriod / request.Spans || request.From is < 0 or > MaxPeriod
            ? "The spans are too long, or begin too early or too late."
            : null;
    }

    /// <summary>Counts jobs of the same life.</summary>
    public void Add(JobLife life, long jobs = 1)
    {
        if (life.Finished > 0 && life.Finished < _from)
            return;
        var start = life.Started > 0 ? life.Started : life.Finished;
        Count(_submitted, life.Created, jobs);
        Change(_unstarted, life.Created, jobs);
        if (start > 0)
            Change(_unstarted, start, -jobs);
        if (life.Started > 0)
        {
            Count(_started, life.Started, jobs);
            Change(_processing, life.Started, jobs);
        }
        if (life.Finished <= 0)
            return;
        Count(life.Status == Status.Done ? _done : _failed, life.Finished, jobs);
        if (life.Started > 0)
            Change(_processing, life.Finished, -jobs);
    }

    /// <summary>Whether all jobs of a map that started and ended between two instants are counted
    /// alike, so that the times of each are not needed.</summary>
    public bool AreAlike(long started, long finished) =>
        started > 0 && started >= _from && PlaceOf(started) == PlaceOf(finished);

    public ActivityReply Reply() =>
        new()
        {
            From = _from,
            SpanUs = _span,
            Submitted = { _submitted },
            Started = { _started },
            Done = { _done },
            Failed = { _failed },
            Processing = { Levels(_processing) },
            Unstarted = { Levels(_unstarted) },
        };

    private static IEnumerable<long> Levels(long[] changes)
    {
        var level = 0L;
        foreach (var change in changes)
            yield return level += change;
    }

    private void Count(long[] counts, long at, long jobs)
    {
        if (at >= _from && PlaceOf(at) is var place && place < _spans)
            counts[place] += jobs;
    }

    private void Change(long[] changes, long at, long by)
    {
        if (Math.Max(0, PlaceOf(at)) is var place && place < _spans)
            changes[place] += by;
    }

    private long PlaceOf(long at) => (at - _from) / _span;
}
