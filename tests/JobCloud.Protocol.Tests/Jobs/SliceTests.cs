using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Slices of submissions as a segment takes, releases and voids them.</summary>
public sealed class SliceTests
{
    private const long First = 1_024;

    private readonly Segment _segment = new(1);

    [Theory]
    [InlineData(First - 1, 1)]
    [InlineData(First - 1, 2)]
    [InlineData(First, 1_025)]
    [InlineData(2_047, 2)]
    public void A_slice_outside_its_segment_is_refused(long first, int count) =>
        Assert.Equal(RefusalCode.Internal, Submit(Slice(first, count)).Refusal?.Code);

    [Fact]
    public void A_slice_can_fill_its_segment()
    {
        Assert.Null(Submit(Slice(First, 1_024)).Refusal);
        Assert.Equal((2_047, 1_024), (_segment.Highest, _segment.Unfinished));
    }

    [Fact]
    public void A_repeated_slice_adds_nothing()
    {
        Submit(Slice(First, 2));
        var (refusal, batch) = Submit(Slice(First, 2));
        Assert.Null(refusal);
        Assert.Empty(batch.Events);
    }

    [Fact]
    public void A_slice_at_a_taken_jid_is_refused_as_busy()
    {
        Submit(Slice(First, 2));
        Assert.Equal(RefusalCode.Busy, Submit(Slice(First + 1, 1)).Refusal?.Code);
        Assert.Equal(RefusalCode.Busy, Submit(Slice(First, 2, owner: "bob")).Refusal?.Code);
    }

    [Fact]
    public void A_slice_that_would_leave_a_gap_is_refused()
    {
        Assert.Equal(RefusalCode.StoreUnavailable, Submit(Slice(First + 1, 1)).Refusal?.Code);
        Assert.Null(Submit(Slice(First, 2)).Refusal);
        Assert.Equal(RefusalCode.StoreUnavailable, Submit(Slice(First + 3, 1)).Refusal?.Code);
        Assert.Null(Submit(Slice(First + 2, 1)).Refusal);
    }

    [Fact]
    public void A_tail_slice_that_is_not_held_can_run_at_once()
    {
        var (_, batch) = Submit(Slice(First, 2, name: 1_000));
        var runnable = SegmentMessages.Of(_segment, batch.Effects).Update.Runnable;
        Assert.Contains(runnable, r => (r.First, r.Count) == (First, 2));
    }

    [Fact]
    public void Voiding_removes_held_slices_from_a_jid_on_without_status_updates()
    {
        Submit(Slice(First, 1, name: 1_000, held: true));
        var batch = new PendingCommit(_segment, 2, JobRules.Default);
        Decide.Submit(batch, Slice(First + 1, 2, name: 1_001, held: true));
        Decide.Void(batch, First + 1);

        Assert.NotNull(_segment.Find(new Jid(First)));
        Assert.Null(_segment.Find(new Jid(First + 1)));
        Assert.Equal([1_001L], batch.Effects.VoidedSlices.Select(slice => slice.SubmissionFirst));
        Assert.Empty(batch.Effects.Moved);
        var outbox = SegmentMessages.Of(_segment, batch.Effects);
        Assert.Equal([1_001L], outbox.VoidedSlices.Select(slice => slice.SubmissionFirst));
        Assert.Empty(outbox.ChangedSlices);
        Assert.Empty(outbox.Runs);
    }

    private (Refusal? Refusal, PendingCommit Batch) Submit(SubmitSlice slice)
    {
        var batch = new PendingCommit(_segment, 1, JobRules.Default);
        return (Decide.Submit(batch, slice), batch);
    }

    private static SubmitSlice Slice(
        long first,
        int count,
        long? name = null,
        bool held = false,
        string owner = "ann"
    ) =>
        new()
        {
            First = first,
            Count = count,
            Held = held,
            Submitted = new Submitted
            {
                Spec = new JobSpec { Cores = 1 },
                SubmissionFirst = name ?? first,
                SubmissionLast = first + count - 1,
                IsMap = count > 1,
                Owner = owner,
            },
        };
}
