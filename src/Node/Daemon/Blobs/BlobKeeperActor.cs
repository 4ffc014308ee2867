using Akka.Actor;
using Akka.Event;

namespace JobCloud.Node.Daemon.Blobs;

/// <summary>Jobs of this segment were deleted.</summary>
internal sealed record JobsDeleted(long Segment);

/// <summary>
/// Removes the references of submissions whose jobs are all deleted, and contents that nothing
/// refers to. A segment tells it when jobs are deleted; what a crash made it miss it finds when it
/// looks through all references, now and then.
/// </summary>
internal sealed class BlobKeeperActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookIntervalMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReviewInterval = TimeSpan.FromHours(1);

    private readonly BlobReview _review;
    private readonly TimeSpan _lookInterval;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<long> _segments = [];
    private TimeSpan _untilReview = TimeSpan.Zero;
    private long _next = 1;
    private bool _isBusy;

    public BlobKeeperActor(BlobReview review, TimeSpan lookInterval)
    {
        (_review, _lookInterval) = (review, lookInterval);
        Receive<JobsDeleted>(deleted =>
        {
            _segments.Add(deleted.Segment);
            if (!_isBusy)
                Timers.StartSingleTimer(nameof(Act), Act.Instance, Settle);
        });
        Receive<Act>(_ => Work());
        Receive<Look>(_ =>
        {
            _untilReview -= _lookInterval;
            Work();
        });
        Receive<Done>(done =>
        {
            _isBusy = false;
            if (done.IsReviewOver)
                (_next, _untilReview) = (1, ReviewInterval);
            else if (done.Next is { } next)
                _next = next;
            if (done.Failure is not null)
            {
                _log.Warning(
                    "Files sent along could not be removed, trying again: {0}",
                    done.Failure
                );
                _segments.UnionWith(done.Segments);
            }
            else if (_segments.Count > 0)
                Timers.StartSingleTimer(nameof(Act), Act.Instance, Settle);
        });
    }

    /// <param name="lookInterval">How soon what others removed must be gone here.</param>
    public static Props Props(BlobReview review, TimeSpan lookInterval)
    {
        var interval = lookInterval < LookIntervalMax ? lookInterval : LookIntervalMax;
        return Akka.Actor.Props.Create(() => new BlobKeeperActor(review, interval));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, _lookInterval);
        Timers.StartSingleTimer(nameof(Act), Act.Instance, Settle);
    }

    private void Work()
    {
        if (_isBusy)
            return;
        _isBusy = true;
        long[] segments = [.. _segments];
        _segments.Clear();
        RunAsync(segments, _untilReview <= TimeSpan.Zero ? _next : null)
            .PipeTo(Self, failure: cause => new Done(segments, Failure: cause.Message));
    }

    /// <param name="next">The page of all references to look at; null: none is due.</param>
    private async Task<Done> RunAsync(long[] segments, long? next)
    {
        await _review.LookAsync(segments);
        if (next is not { } from)
            return new Done(segments);
        var following = await _review.ReviewAsync(from);
        return new Done(segments, following, IsReviewOver: following is null);
    }

    private sealed record Done(
        IReadOnlyList<long> Segments,
        long? Next = null,
        bool IsReviewOver = false,
        string? Failure = null
    );

    private sealed class Act
    {
        public static readonly Act Instance = new();
    }

    private sealed class Look
    {
        public static readonly Look Instance = new();
    }
}
