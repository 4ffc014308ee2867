using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Events that cannot follow the ones before: a segment refuses to fold them.</summary>
public sealed class CorruptJournalTests
{
    private const long First = 1_024;

    private readonly Segment _segment = new(1);

    [Theory]
    [InlineData(First - 1, 1)]
    [InlineData(First - 1, 2)]
    [InlineData(2_047, 2)]
    public void Jobs_of_another_segment_are_impossible(long first, int count) =>
        Assert.Throws<ImpossibleEventException>(() =>
            _segment.Apply(Submitted(first, count, first))
        );

    [Fact]
    public void The_first_and_the_last_jid_of_a_segment_are_possible()
    {
        _segment.Apply(Submitted(First, 1, First));
        _segment.Apply(Submitted(2_047, 1, 2_047));
        Assert.Equal(2_047, _segment.Highest);
    }

    [Fact]
    public void A_second_slice_of_a_submission_is_impossible()
    {
        _segment.Apply(Submitted(First, 1, 1_000));
        Assert.Throws<ImpossibleEventException>(() =>
            _segment.Apply(Submitted(First + 1, 1, 1_000))
        );
    }

    [Theory]
    [InlineData(First)]
    [InlineData(First + 1)]
    [InlineData(First + 2)]
    public void A_taken_jid_is_impossible(long taken)
    {
        _segment.Apply(Submitted(taken, 1, taken));
        Assert.Throws<ImpossibleEventException>(() => _segment.Apply(Submitted(First, 3, 1_000)));
    }

    [Fact]
    public void An_event_of_an_unknown_job_is_impossible() =>
        Assert.Throws<ImpossibleEventException>(() =>
            _segment.Apply(new JobEvent { Jid = First, Deleted = new Deleted() })
        );

    [Fact]
    public void An_assignment_proves_that_the_head_slice_of_a_held_submission_was_committed()
    {
        _segment.Apply(Submitted(First, 2, 1_000));
        var slice = _segment.Slice(1_000)!;
        Assert.True(_segment.IsHeld(slice));
        _segment.Apply(new JobEvent { Jid = First + 1, KilledUnstarted = new KilledUnstarted() });
        Assert.True(_segment.IsHeld(slice));
        _segment.Apply(
            new JobEvent
            {
                Jid = First,
                Assigned = new Assigned { Attempt = 1, Node = "n1" },
            }
        );
        Assert.False(_segment.IsHeld(slice));
    }

    private static JobEvent Submitted(long first, int count, long name) =>
        new()
        {
            Jid = first,
            Count = count,
            At = 1,
            Submitted = new Submitted
            {
                Spec = new JobSpec(),
                SubmissionFirst = name,
                SubmissionLast = first + count - 1,
                Owner = "ann",
            },
        };
}
