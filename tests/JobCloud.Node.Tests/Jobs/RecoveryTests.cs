using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Wire;
using JobCloud.Protocol;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

public sealed class RecoveryTests : SegmentTest
{
    [Fact]
    public void A_recovered_segment_answers_as_before()
    {
        SubmitAndRun();
        var before = Ask(Read(1, 4, detail: true));
        Stop();
        Assert.Equal(before, Ask(Read(1, 4, detail: true)));
    }

    [Fact]
    public void A_recovered_segment_updates_scheduler_and_index_and_checks_attempts()
    {
        SubmitAndRun();
        Stop();
        foreach (var probe in new[] { Scheduler, Agents, Index })
            Drain(probe);

        Ask(Read(1));

        var update = Next<SegmentUpdate>(Scheduler);
        Assert.True(update.Full);
        Assert.Equal((4, 1), (update.Runnable.Single().First, update.Runnable.Single().Count));
        Assert.Equal([2, 3], update.Active.Select(active => active.Jid));
        var check = Next<CheckAttempts>(Agents);
        Assert.Equal(("n1", 0), (check.Node, check.Segment));
        Assert.Equal([2, 3], check.Attempts.Select(key => key.Jid));
        var rows = Next<SliceRows>(Index);
        Assert.Equal([1, 2, 3, 4], rows.Rows.Select(slice => slice.Row.First));
        Assert.True(rows.Unfinished);
    }

    [Fact]
    public void Attempts_are_checked_at_every_interval()
    {
        SubmitAndRun();
        Settle();
        Advance(CheckInterval);
        Assert.Equal(2, Next<CheckAttempts>(Agents).Attempts.Count);
        Advance(CheckInterval);
        Assert.Equal(2, Next<CheckAttempts>(Agents).Attempts.Count);
    }

    [Fact]
    public void A_segment_with_an_unreadable_row_refuses_requests_and_writes_nothing() =>
        AssertDamaged(new UnreadableRow("invalid bytes"), "invalid bytes");

    public static TheoryData<string, JobEvent[]> Impossible { get; } =
        new()
        {
            {
                "no such job",
                [
                    new JobEvent
                    {
                        Jid = 7,
                        Assigned = new Assigned { Node = "n1" },
                    },
                ]
            },
            { "the jid is taken", [Submitted(1, 9), Submitted(5, 1)] },
            { "has a slice here", [Submitted(1, 2), Submitted(3, 2, of: 1)] },
            { "another segment", [Submitted(5000, 1)] },
            {
                "cannot follow",
                [Submitted(1, 1), new JobEvent { Jid = 1, Deleted = new Deleted() }]
            },
        };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_segment_with_an_impossible_row_refuses_requests(string why, JobEvent[] events) =>
        AssertDamaged(new JobsChanged { Events = { events } }, why);

    private void AssertDamaged(object row, string why)
    {
        WriteRows(new JobsChanged(), row);
        var rows = Rows().Length;

        foreach (var request in new[] { Submit(1), Read(1), Kill(1), Assign(1) })
        {
            var refusal = Ask(request).Refusal;
            Assert.Equal(RefusalCode.Internal, refusal.Code);
            Assert.Contains("Jobs 1-1023 are unusable: their journal is damaged", refusal.Message);
            Assert.Contains(why, refusal.Message);
        }
        Tell(Subscribe(1, 1));
        Assert.Contains(why, ExpectMsg<JobsMoved>(Limit).Refusal.Message);
        Assert.Equal(rows, Rows().Length);
    }

    /// <summary>Job 1 is done, 2 and 3 run on n1, 4 is queued.</summary>
    private void SubmitAndRun()
    {
        for (var jid = 1; jid <= 4; jid++)
            Ask(Submit(jid));
        Tell(Assign(1, 3));
        Tell(Report(Ended(1)));
        Ask(Read(1));
        Next<ReportsAccepted>(Agents);
    }

    private static JobEvent Submitted(long first, int count, long? of = null) =>
        new()
        {
            Jid = first,
            Count = count,
            Submitted = new Submitted
            {
                Spec = new JobSpec { Command = "true" },
                SubmissionFirst = of ?? first,
                Owner = "ann",
            },
        };
}
