using Akka.Actor;
using JobCloud.Node.Daemon.Indexing;
using JobCloud.Node.Daemon.Store;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Membership;
using JobCloud.Protocol.Nodes;

namespace JobCloud.Node.Tests.Jobs;

/// <summary>A segment's journal becomes one row.</summary>
public sealed class CompactionTests : SegmentTest
{
    private const int Jobs = 12;

    [Fact]
    public void A_finished_segment_becomes_one_row_before_it_leaves_memory()
    {
        RunAll();
        var before = Ask(Read(1, Jobs, detail: true));

        Leave();

        var compacted = Assert.IsType<SegmentCompacted>(AllRows()[^1]);
        Assert.Single(CompactedRow.State(compacted).Slices, slice => slice.Count > 1);
        Assert.Equal(before, Ask(Read(1, Jobs, detail: true)));
        DeleteRows(AllRows().Length - 1);
        Stop();
        Assert.Equal(before, Ask(Read(1, Jobs, detail: true)));
    }

    [Fact]
    public void A_segment_with_few_rows_leaves_memory_without_one()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        Advance(PassivateAfter);
        Advance(CheckInterval);
        Next<TestRegion.SegmentStopped>(Lifecycle);
        Assert.Equal(2, AllRows().Length);
    }

    [Fact]
    public void Rows_that_are_half_deleted_do_no_harm()
    {
        RunAll();
        var before = Ask(Read(1, Jobs, detail: true));
        Leave();
        var rows = AllRows().Length;

        DeleteRows(rows / 2);

        Assert.Equal(before, Ask(Read(1, Jobs, detail: true)));
        Assert.Equal(rows, NextSweep().Below);
    }

    [Fact]
    public void A_damaged_row_that_a_later_one_replaces_does_no_harm()
    {
        var story = new JobCloud.Testing.JobStory().Submit();
        var row = CompactedRow.Of(story.Segment.Compact(), new SegmentHistory());
        WriteRows(new JobsChanged(), new Daemon.Wire.UnreadableRow("invalid bytes"), row);
        Assert.Equal(1, Ask(Read(1)).Jobs.Runs.Single().First);
    }

    [Fact]
    public void A_segment_without_its_first_rows_refuses_requests()
    {
        Ask(Submit(1));
        Ask(Submit(2));
        Stop();
        DeleteRows(1);
        Assert.Contains("its first rows are missing", Ask(Read(1)).Refusal.Message);
    }

    [Fact]
    public void Data_of_a_deleted_job_is_erased_in_time()
    {
        Ask(Submit(1));
        Ask(Submit(2));
        Ask(Kill(1));
        Ask(Deletion(1));
        Settle();
        Advance(EraseWithin / 2);
        var sweep = NextSweep();
        Assert.Equal(AllRows().Length, sweep.Below);
        Assert.Null(StateOf(AllRows()[^1]).Slices[0].Submitted);
        Assert.NotNull(StateOf(AllRows()[^1]).Slices[1].Submitted);
        Drain(Index);

        Sweeper.Reply(new JournalSweeper.Swept(sweep.Below));

        var rows = Next<SliceRows>(Index);
        Assert.True(rows.HasErased && rows.IsWhole && !rows.HasToErase);
        Assert.Equal([2L], rows.Rows.Select(slice => slice.Row.First));
        Assert.Equal((sweep.Below, 2), (rows.SequenceNr, rows.Highest));
        Assert.Equal(1, Ask(Read(1)).Jobs.Deleted.Single().First);
    }

    [Fact]
    public void The_index_knows_which_segments_still_have_to_erase()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        Ask(Deletion(1));
        Assert.True(Next<SliceRows>(Index, rows => rows.Totals![0] == 1).HasToErase);
        Stop();
        Ask(Read(1));
        Assert.True(Next<SliceRows>(Index, rows => rows.IsWhole && rows.HasToErase).IsWhole);
    }

    [Fact]
    public void Only_a_recovered_segment_sends_all_its_rows_to_the_index()
    {
        Ask(Submit(1));
        Drain(Index);
        Tell(new SegmentRequest { Scheduler = new SchedulerHello() });
        Ask(Submit(2));
        Assert.False(Next<SliceRows>(Index).IsWhole);
        Stop();
        Ask(Read(1));
        Assert.True(Next<SliceRows>(Index, rows => rows.Rows.Count == 2).IsWhole);
    }

    [Fact]
    public void A_segment_stays_in_memory_until_its_deleted_data_is_erased()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        Ask(Deletion(1));
        Settle();
        Advance(PassivateAfter);
        var sweep = NextSweep();
        Advance(PassivateAfter);
        Settle();
        Lifecycle.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Sweeper.Reply(new JournalSweeper.Swept(sweep.Below));
        Settle();
        Advance(PassivateAfter);
        Next<TestRegion.SegmentStopped>(Lifecycle);
    }

    [Fact]
    public void Requests_wait_while_the_row_is_written_and_are_then_answered()
    {
        Ask(Submit(1));
        Ask(Kill(1));
        Ask(Deletion(1));
        Settle();
        Journal.Tell(new ScriptedJournal.Hold(), TestActor);
        Advance(EraseWithin / 2);
        Tell(Submit(2));
        Tell(Submit(3));
        Journal.Tell(new ScriptedJournal.ReleaseHeld(), TestActor);
        Assert.NotNull(ExpectMsg<SegmentReply>(Limit).Submitted);
        Assert.NotNull(ExpectMsg<SegmentReply>(Limit).Submitted);
        NextSweep();
        Stop();
        Assert.Equal(Protocol.Status.Queued, Ask(Read(2, 3)).Jobs.Runs.Single().Status);
        Assert.Equal(1, Ask(Read(1)).Jobs.Deleted.Single().First);
    }

    private void RunAll()
    {
        Ask(Submit(1, Jobs - 1));
        Ask(Submit(Jobs));
        for (var jid = 1; jid <= Jobs; jid++)
        {
            Tell(Assign(jid));
            Tell(Report(Ended(jid)));
            Ask(Read(jid));
        }
    }

    /// <summary>Waits until the finished segment has become one row and left memory.</summary>
    private void Leave()
    {
        Settle();
        Advance(PassivateAfter);
        Sweeper.ExpectMsg<JournalSweeper.SweepBelow>(Limit);
        Sweeper.Reply(new JournalSweeper.Swept(AllRows().Length));
        Settle();
        Advance(PassivateAfter);
        Next<TestRegion.SegmentStopped>(Lifecycle);
    }

    private JournalSweeper.SweepBelow NextSweep() =>
        Sweeper.ExpectMsg<JournalSweeper.SweepBelow>(Limit);

    private object[] AllRows() =>
        Journal
            .Ask<object[]>(new ScriptedJournal.ReadRows(ClusterNames.SegmentId(0)), Limit)
            .Result;

    private void DeleteRows(long to) =>
        Journal
            .Ask<ScriptedJournal.DeleteRows>(
                new ScriptedJournal.DeleteRows(ClusterNames.SegmentId(0), to),
                Limit
            )
            .Wait();

    private static Protocol.States.SegmentState StateOf(object row) =>
        CompactedRow.State(Assert.IsType<SegmentCompacted>(row));

    private static SegmentRequest Deletion(long jid)
    {
        var request = Kill(jid);
        request.Change.Change = Change.Delete;
        return request;
    }
}
