using System.Text;
using FsCheck.Xunit;
using Google.Protobuf;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.States;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

[Properties(Arbitrary = [typeof(ActGenerators)], MaxTest = 300, EndSize = 120)]
public class CompactionLaws
{
    [Property]
    public void A_restored_segment_equals_the_folded_one_and_stays_equal(Act[] acts, Act[] later)
    {
        var story = Stories.Of(acts);
        var restored = Reopened(story);
        Equal(story.Segment, restored);
        foreach (var act in later)
        {
            var before = story.Journal.Count;
            Stories.Play(story, act);
            foreach (var e in story.Journal.Skip(before))
                restored.Apply(e);
            Equal(story.Segment, restored);
        }
    }

    [Property]
    public void Rows_that_were_folded_before_make_no_difference(Act[] acts)
    {
        var story = Stories.Of(acts);
        var state = story.Segment.Compact();
        var folded = new Segment(0);
        foreach (var e in story.Journal)
            folded.Apply(e);
        folded.Restore(Copy(state));
        Equal(story.Segment, folded);
    }

    [Property]
    public void A_state_compacted_again_is_the_same(Act[] acts)
    {
        var story = Stories.Of(acts);
        var state = Copy(story.Segment.Compact());
        Assert.Equal(state, Reopened(story).Compact());
        Assert.Equal(state, story.Segment.Compact());
    }

    [Property]
    public void The_history_keeps_every_event_of_a_job_that_is_not_deleted(Act[] acts)
    {
        var story = Stories.Of(acts);
        var deleted = story.Segment.Deleted();
        var expected = story
            .Journal.Where(e => e.DependentsRegistered is null)
            .Where(e =>
                Enumerable.Range(0, Math.Max(1, e.Count)).Any(i => !deleted.Contains(e.Jid + i))
            )
            .ToList();
        var row = Row(story);
        Assert.Equal(expected, CompactedRow.History(0, row));
        Assert.False(row.HistoryCut);
    }

    [Property]
    public void Nothing_of_a_deleted_job_is_in_the_bytes(bool[] deleted, bool isMap)
    {
        if (deleted.Length == 0)
            return;
        var story = new JobStory();
        for (var i = 0; i < (isMap ? 1 : deleted.Length); i++)
            Submit(story, i + 1, isMap ? deleted.Length : 1);
        for (var jid = 1; jid <= deleted.Length; jid++)
            story.Run(jid, new Exit { Code = 3 });
        for (var jid = 1; jid <= deleted.Length; jid++)
            if (deleted[jid - 1])
                story.Change(Change.Delete, jid);

        var row = Row(story);

        var bytes = Encoding.UTF8.GetString([
            .. CompactedRow.State(row).ToByteArray(),
            .. new JobsChanged { Events = { CompactedRow.History(0, row) } }.ToByteArray(),
        ]);
        for (var jid = 1; jid <= deleted.Length; jid++)
        {
            Assert.Equal(!deleted[jid - 1], bytes.Contains($"<value {jid}>"));
            Assert.Equal(!deleted[jid - 1], bytes.Contains($"<content {jid}>"));
            if (isMap)
                continue;
            Assert.Equal(!deleted[jid - 1], bytes.Contains($"<command {jid}>"));
            Assert.Equal(!deleted[jid - 1], bytes.Contains($"<id {jid}>"));
        }
        if (!deleted.All(d => d))
            return;
        Assert.DoesNotContain("<", bytes);
        Assert.DoesNotContain("ann", bytes);
    }

    private static void Submit(JobStory story, long first, int count) =>
        story.Do(batch =>
            Decide.Submit(
                batch,
                new SubmitSlice
                {
                    First = first,
                    Count = count,
                    Submitted = new Submitted
                    {
                        Spec = new JobSpec { Command = $"<command {first}> {{x}}" },
                        SubmissionFirst = first,
                        SubmissionLast = first + count - 1,
                        IsMap = count > 1,
                        Owner = "ann",
                        RequestId = $"<id {first}>",
                        Columns = { Column(first, count) },
                    },
                }
            )
        );

    private static MapColumn Column(long first, int count)
    {
        var list = new ValueList();
        for (var i = 0; i < count; i++)
        {
            list.Values.Add($"<value {first + i}>");
            list.Files.Add(
                new ColumnFile
                {
                    Index = i,
                    Content = ByteString.CopyFromUtf8($"<content {first + i}>"),
                }
            );
        }
        return new MapColumn { Name = "x", List = list };
    }

    private static SegmentCompacted Row(JobStory story)
    {
        var history = new SegmentHistory();
        history.Add(story.Journal);
        var state = story.Segment.Compact();
        history.RemoveDeleted(story.Segment.Deleted());
        return CompactedRow.Of(state, history);
    }

    private static Segment Reopened(JobStory story)
    {
        var restored = new Segment(0);
        restored.Restore(SegmentCompacted.Parser.ParseFrom(Row(story).ToByteArray()));
        return restored;
    }

    private static SegmentState Copy(SegmentState state) =>
        SegmentState.Parser.ParseFrom(state.ToByteArray());

    private static void Equal(Segment folded, Segment restored)
    {
        Assert.Empty(Invariants.Broken(restored));
        Assert.Equal(Stories.Shown(folded), Stories.Shown(restored));
        Assert.Equal(SegmentUpdates.Of(folded), SegmentUpdates.Of(restored));
        Assert.Equal((folded.Highest, folded.Unfinished), (restored.Highest, restored.Unfinished));
        Assert.Equal(folded.Totals, restored.Totals);
        Assert.Equal(folded.Slices.Select(Shown), restored.Slices.Select(Shown));
        Assert.Equal(
            folded.Held.Select(slice => slice.First),
            restored.Held.Select(slice => slice.First)
        );
        Assert.Equal(folded.Dependents.Select(Shown), restored.Dependents.Select(Shown));
    }

    private static string Shown(Slice slice)
    {
        var gates = slice.Gates.Values.Select(g => $"{g.Segment} {g.Worst} {g.Dependency}");
        // Nobody asks for the times of a slice without jobs.
        var times = slice.IsErased ? "" : $"{slice.FirstStarted} {slice.LastFinished}";
        return $"{slice.First} {slice.Count} {slice.Created} {slice.Submitted} {times} "
            + $"{string.Join(',', slice.Counts)} {string.Join(',', gates)}";
    }

    private static string Shown(Dependent d) =>
        $"{d.Submission} {d.Segment} {string.Join(',', d.Jobs)} {d.Policy}";
}
