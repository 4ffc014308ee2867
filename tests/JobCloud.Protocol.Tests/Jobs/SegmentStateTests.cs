using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Tests the state of a segment and its slices other than their jobs.</summary>
public sealed class SegmentStateTests
{
    [Fact]
    public void Only_jids_of_the_segment_are_found()
    {
        var segment = new Segment(1);
        segment.Apply(Tail(1_024, 1_024));
        Assert.NotNull(segment.Find(new Jid(1_024)));
        Assert.NotNull(segment.Find(new Jid(2_047)));
        Assert.Null(segment.Find(new Jid(1_023)));
        Assert.Null(segment.Find(new Jid(2_048)));
        Assert.Null(segment.Find(new Jid(1_024 + 1_024 * 3)));
    }

    [Fact]
    public void A_voided_slice_leaves_the_highest_jid_of_the_one_before()
    {
        var segment = new Segment(1);
        segment.Apply(Tail(1_024, 3));
        segment.Apply(Tail(1_027, 2, name: 1_000));
        segment.Apply(
            new JobEvent
            {
                Jid = 1_027,
                Voided = new SubmissionVoided { SubmissionFirst = 1_000 },
            }
        );
        Assert.Equal((1_026, 3), (segment.Highest, segment.Unfinished));
        Assert.Null(segment.Slice(1_000));
        Assert.Equal([900L], segment.Held.Select(slice => slice.SubmissionFirst));
    }

    [Fact]
    public void Each_change_of_a_job_raises_its_version()
    {
        var story = new JobStory().Submit();
        var versions = new List<int> { story[1].Version };
        story.Assign(1);
        versions.Add(story[1].Version);
        story.Started(1);
        versions.Add(story[1].Version);
        Assert.Equal([1, 2, 3], versions);
    }

    [Fact]
    public void A_slice_records_its_first_start_and_its_last_end()
    {
        var story = new JobStory().Submit(2, map: true);
        var slice = story.Segment.Slice(1)!;
        Assert.Equal((0, 0), (slice.FirstStarted, slice.LastFinished));
        story.Run(1, new Exit());
        var started = slice.FirstStarted;
        var finished = slice.LastFinished;
        Assert.True(0 < started && started < finished);
        story.Run(2, new Exit());
        Assert.Equal(started, slice.FirstStarted);
        Assert.True(slice.LastFinished > finished);
    }

    [Fact]
    public void An_end_without_a_reported_start_sets_the_start_time()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Ended(1, new Exit());
        Assert.Equal(JobViews.Detail(story[1]).Started, story.Segment.Slice(1)!.FirstStarted);
    }

    [Fact]
    public void Failed_jobs_are_those_that_ended_in_error_killed_or_stalled()
    {
        var story = new JobStory()
            .Submit()
            .Submit(4, spec => spec.DependsOn.Add(Range(1)), map: true);
        story.Change(Change.Kill, 2);
        story.Run(1, new Exit { Code = 3 });
        Assert.Equal(4, story.Segment.Slice(2)!.Failed);
        Assert.Equal(1, story.Segment.Slice(1)!.Failed);
        story.Change(Change.Retry, 1);
        story.Run(1, new Exit());
        story.Run(3, new Exit { Code = 3 }).Run(4, new Exit());
        Assert.Equal(2, story.Segment.Slice(2)!.Failed);
    }

    [Fact]
    public void A_job_waits_until_the_dependencies_in_all_segments_are_settled()
    {
        var slice = new Slice(
            1,
            1,
            new Submitted
            {
                Spec = new JobSpec(),
                DependsOn = { Range(2_000), Range(5_000), Range(9_000) },
            },
            created: 1
        );
        Assert.Equal(Status.Waiting, slice.Gated);
        Assert.Null(slice.BadGate);
        Assert.Equal([1L, 4L, 8L], slice.Gates.Keys);
    }

    [Fact]
    public void A_job_with_two_open_dependencies_waits()
    {
        var submitted = new Submitted
        {
            Spec = new JobSpec(),
            DependsOn = { Range(2_000), Range(5_000) },
        };
        Assert.Equal(Status.Waiting, new Slice(1, 1, submitted, created: 1).Gated);
    }

    [Fact]
    public void A_settled_dependency_does_not_change_finished_jobs()
    {
        var story = new JobStory()
            .Submit()
            .Submit(2, spec => spec.DependsOn.Add(Range(1)), map: true);
        story.Change(Change.Kill, 2);
        var version = story[2].Version;
        story.Run(1, new Exit());
        Assert.Equal((Status.Killed, version), (story[2].Status, story[2].Version));
        Assert.Equal(Status.Queued, story[3].Status);
    }

    [Fact]
    public void The_dependents_of_a_job_are_the_slices_that_name_it()
    {
        var story = new JobStory()
            .Submit(5, map: true)
            .Submit(with: spec =>
            {
                spec.DependsOn.Add(Range(1));
                spec.DependsOn.Add(Range(5));
            });
        Assert.Equal([6L], story.Segment.DependentsOf(new Jid(1)));
        Assert.Equal([6L], story.Segment.DependentsOf(new Jid(5)));
        Assert.Empty(story.Segment.DependentsOf(new Jid(3)));
    }

    [Fact]
    public void A_queued_job_has_a_queue_time_and_a_waiting_job_has_none()
    {
        var story = new JobStory().Submit().Submit(with: spec => spec.DependsOn.Add(Range(1)));
        Assert.True(story[1].Queued > 0);
        Assert.Equal(0, story[2].Queued);
        story.Run(1, new Exit());
        Assert.True(story[2].Queued > story[1].Queued);
    }

    [Fact]
    public void The_index_of_an_element_counts_from_the_first_jid_of_its_map()
    {
        var segment = new Segment(1);
        segment.Apply(Tail(1_024, 3, name: 1_000));
        Assert.Equal(25, segment.Slice(1_000)!.MapIndex(new Jid(1_025)));
    }

    private static JidRange Range(long jid) => new() { First = jid, Last = jid };

    private static JobEvent Tail(long first, int count, long name = 900) =>
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
                IsMap = true,
            },
        };
}
