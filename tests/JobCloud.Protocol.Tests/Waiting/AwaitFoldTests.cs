using JobCloud.Protocol.Api;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Waiting;

namespace JobCloud.Protocol.Tests.Waiting;

public sealed class AwaitFoldTests
{
    [Theory]
    [InlineData(Status.Queued, Status.Processing, false, "")]
    [InlineData(Status.Processing, Status.Processing, true, "")]
    [InlineData(Status.Waiting, Status.Stalled, false, "")]
    [InlineData(
        Status.Queued,
        Status.Stalled,
        true,
        "Job 7 is queued: it can no longer become stalled."
    )]
    [InlineData(Status.Done, Status.Error, true, "Job 7 is done: it can no longer become error.")]
    [InlineData(Status.Done, Status.Done, true, "")]
    public void A_wait_for_a_status_ends_when_the_status_is_unreachable(
        Status now,
        Status wanted,
        bool finished,
        string refusal
    )
    {
        var fold = Waiting(AwaitMode.Status, wanted);
        fold.Fold(Now(now));
        Assert.Equal((finished, finished), (fold.IsFinished, fold.Take().Finished));
        Assert.Equal(refusal, fold.Take().Refusal?.Message ?? "");
    }

    [Fact]
    public void A_bad_end_is_refused_with_a_sentence()
    {
        var fold = Waiting(AwaitMode.FirstBad);
        fold.Fold(Now(Status.Killed));
        Assert.Equal("Job 7 ended with status killed.", fold.Take().Refusal.Message);
    }

    [Theory]
    [InlineData(true, RefusalCode.UnknownJob)]
    [InlineData(false, RefusalCode.DeletedJob)]
    public void An_unknown_or_deleted_job_ends_the_wait(bool unknown, RefusalCode code)
    {
        var moved = new JobsMoved();
        (unknown ? moved.Unknown : moved.Deleted).Add(JidRanges.Range(7, 7));
        var fold = Waiting(AwaitMode.All);
        fold.Fold(moved);
        Assert.True(fold.IsFinished);
        Assert.Equal((code, 7), (fold.Take().Refusal.Code, fold.Take().Refusal.Jid));
    }

    [Fact]
    public void A_retried_job_is_awaited_again()
    {
        var fold = new AwaitFold([JidRanges.Range(7, 8)], AwaitMode.All);
        fold.Fold(Now(Status.Error));
        Assert.Single(fold.Take().Ended);
        fold.Fold(Now(Status.Queued));
        Assert.Empty(fold.Take().Ended);
        fold.Fold(Now(Status.Done));
        Assert.Equal(Status.Done, fold.Take().Ended.Single().Status);
        Assert.False(fold.IsFinished);
    }

    [Fact]
    public void A_wait_for_no_jobs_is_finished() =>
        Assert.True(new AwaitFold([], AwaitMode.All).IsFinished);

    private static AwaitFold Waiting(AwaitMode mode, Status wanted = default) =>
        new([JidRanges.Range(7, 7)], mode, wanted);

    private static JobsMoved Now(Status status) =>
        new()
        {
            Runs =
            {
                new StatusRun
                {
                    First = 7,
                    Count = 1,
                    Status = status,
                },
            },
        };
}
