using JobCloud.Protocol.Api;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Traces;

/// <summary>The spans of jobs: one for each status in which a job was. <c>waiting</c> is sent when
/// the job leaves it, <c>queued</c> and <c>processing</c> after the end of the attempt.</summary>
public static class JobSpans
{
    /// <summary>The spans that a commit completes.</summary>
    /// <param name="moved">The jobs that the commit changed, before and after it.</param>
    public static IEnumerable<TraceSpan> Of(IEnumerable<(Job? Before, Job After)> moved) =>
        moved.SelectMany(static move => Of(move.Before, move.After));

    private static IReadOnlyList<TraceSpan> Of(Job? before, Job after)
    {
        var told = before is null ? 0 : Attempts(before).Max(static one => (int?)one.Attempt) ?? 0;
        var ended = Attempts(after).Where(one => one.Attempt > told).ToList();
        var isReleased = before?.Status == Status.Waiting && after.Status == Status.Queued;
        var isEnd = IsEnded(after) && (before is null || !IsEnded(before));
        if (ended.Count == 0 && !isReleased && !isEnd)
            return [];
        var trace = TraceContext.Of(after.Slice.Spec);
        if (trace is { IsSampled: false })
            return [];
        var spans = new SpanBuilder(after, trace);
        var since = before is { Queued: > 0 } ? before.Queued : after.Slice.Created;
        if (isReleased)
            spans.Add(Status.Waiting, since, after.Queued, Status.Queued, null, null);
        foreach (var attempt in ended)
        {
            AddAttempt(spans, attempt, since, StatusAfter(after, isLast: attempt == ended[^1]));
            since = attempt.Finished;
        }
        if (ended.Count == 0 && after.Phase is JobPhase.Ended end)
            spans.Add(
                before?.Status ?? Status.Queued,
                since,
                end.Finished,
                end.End,
                end.Reason,
                null
            );
        return spans.Spans;
    }

    private static void AddAttempt(
        SpanBuilder spans,
        AttemptRecord attempt,
        long since,
        Status after
    )
    {
        if (attempt.Started == 0)
        {
            spans.Add(Status.Queued, since, attempt.Finished, after, attempt.Reason, attempt);
            return;
        }
        spans.Add(Status.Queued, since, attempt.Started, Status.Processing, null, attempt);
        spans.Add(
            Status.Processing,
            attempt.Started,
            attempt.Finished,
            after,
            attempt.Reason,
            attempt
        );
    }

    private static Status StatusAfter(Job job, bool isLast) =>
        isLast && job.Phase is JobPhase.Ended end ? end.End : Status.Queued;

    private static bool IsEnded(Job job) => job.Phase is JobPhase.Ended;

    private static IEnumerable<AttemptRecord> Attempts(Job job) =>
        job.Phase is JobPhase.Ended { Last: { } last } ? job.Past.Append(last) : job.Past;
}
