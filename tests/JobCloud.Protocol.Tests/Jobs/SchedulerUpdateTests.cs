using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Tests the updates that a segment sends to the scheduler.</summary>
public sealed class SchedulerUpdateTests
{
    [Fact]
    public void A_new_scheduler_gets_everything_and_later_ones_only_changes()
    {
        var story = new JobStory().Submit(2, map: true).Submit();
        story.Assign(3);
        story.Do(batch => batch.Effects.SendFullUpdate());
        var full = story.Messages[^1].Update;
        Assert.Equal((true, 0L), (full.Full, full.Segment));
        Assert.Equal((1L, 2), (full.Runnable.Single().First, full.Runnable.Single().Count));
        Assert.Equal((3L, "n1", false), ActiveOf(full));
        story.Started(3);
        var change = story.Messages[^1].Update;
        Assert.Equal((false, 0), (change.Full, change.Runnable.Count));
        Assert.Equal((3L, "n1", true), ActiveOf(change));
    }

    [Fact]
    public void The_update_names_its_segment()
    {
        var segment = new Segment(7);
        Assert.Equal(7, SegmentUpdates.Of(segment).Segment);
        Assert.Equal(7, SegmentMessages.Of(segment, new Effects()).Update.Segment);
    }

    [Fact]
    public void A_full_update_counts_the_failed_jobs_of_maps_with_a_limit()
    {
        var story = new JobStory()
            .Submit(4, spec => spec.MaxFails = 3, map: true)
            .Submit(2, map: true);
        foreach (var jid in new[] { 1L, 3L, 4L, 5L })
            story.Run(jid, new Exit { Code = jid == 3 ? 0 : 3 });
        story.Run(2, new Exit { Code = 3 });
        story.Change(Change.Delete, 2);
        var failed = Assert.Single(SegmentUpdates.Of(story.Segment).Failed);
        Assert.Equal((1L, 3), (failed.SubmissionFirst, failed.MaxFails));
        Assert.Equal([(1L, 1L), (4L, 4L)], failed.Jobs.Select(r => (r.First, r.Last)));
    }

    [Fact]
    public void A_map_with_a_limit_and_no_failure_is_not_counted() =>
        Assert.Empty(
            SegmentUpdates
                .Of(new JobStory().Submit(2, spec => spec.MaxFails = 3, map: true).Segment)
                .Failed
        );

    [Fact]
    public void Killed_queued_jobs_are_withdrawn_as_one_range()
    {
        var story = new JobStory().Submit(5, map: true);
        story.Do(batch =>
            Decide.Change(
                batch,
                new ChangeJobs
                {
                    Change = Change.Kill,
                    Jobs =
                    {
                        new JidRange { First = 1, Last = 3 },
                        new JidRange { First = 5, Last = 5 },
                    },
                },
                new Requester("ann", false),
                out _
            )
        );
        Assert.Equal(
            [(1L, 3L), (5L, 5L)],
            story.Messages[^1].Update.Withdrawn.Select(r => (r.First, r.Last))
        );
    }

    [Fact]
    public void An_ended_job_frees_its_resources_and_is_not_withdrawn()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        story.Ended(1, new Exit());
        var update = story.Messages[^1].Update;
        Assert.Empty(update.Withdrawn);
        Assert.Equal((1L, Status.Done), (update.Ended.Single().Jid, update.Ended.Single().Status));
    }

    [Fact]
    public void A_new_attempt_on_the_same_node_ends_the_old_one()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Do(batch =>
        {
            Decide.LoseNode(batch, "n1", false);
            Decide.Assign(batch, Assignment(1));
        });
        var update = story.Messages[^1].Update;
        Assert.Equal(1, update.Ended.Single().Jid);
        Assert.Equal(2, update.Active.Single().Attempt);
    }

    [Fact]
    public void A_kill_or_a_terminal_does_not_report_an_active_attempt_again()
    {
        var story = new JobStory().Submit().Submit();
        story.Assign(1);
        story.Change(Change.Kill, 1);
        Assert.Empty(story.Messages[^1].Update.Active);
        story.Assign(2);
        story.Started(2);
        story.Terminal(
            new TerminalReport
            {
                Jid = 2,
                Opened = new Events.TerminalOpened { Id = "a", Attempt = 1 },
            }
        );
        Assert.Empty(story.Messages[^1].Update.Active);
        Assert.False(story.Messages[^1].HasUpdate);
    }

    [Fact]
    public void A_rejected_assignment_reports_the_state_of_the_job_to_the_scheduler()
    {
        var story = new JobStory().Submit().Submit().Run(1, new Exit());
        story.Assign(2);
        Assert.Empty(story.Assign(1));
        Assert.Equal(1, story.Messages[^1].Update.Withdrawn.Single().First);
        Assert.True(story.Messages[^1].HasUpdate);
        Assert.Empty(story.Assign(2, "n2"));
        Assert.Equal((2L, "n1", false), ActiveOf(story.Messages[^1].Update));
        Assert.Empty(story.Assign(9));
        Assert.Equal(9, story.Messages[^1].Update.Withdrawn.Single().First);
    }

    [Fact]
    public void An_assignment_of_a_range_takes_exactly_its_jobs()
    {
        var story = new JobStory().Submit(3, map: true);
        var events = story.Do(batch => Decide.Assign(batch, Assignment(1, 2)));
        Assert.Equal([1L, 2L], events.Select(e => e.Jid));
        Assert.Equal(Status.Queued, story[3].Status);
        Assert.Empty(story.Messages[^1].Update.Withdrawn);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_update_states_the_isolation_that_a_queued_job_needs(bool mounts, bool network)
    {
        var story = new JobStory().Submit(with: spec =>
        {
            spec.IsolateNetwork = network;
            if (mounts)
                spec.VolumeDefinitions.Add(
                    new VolumeDefinition
                    {
                        Name = "data",
                        Directory = "/srv/data",
                        MountPath = "/data",
                    }
                );
        });
        var runnable = story.Messages[0].Update.Runnable.Single();
        Assert.Equal((mounts, network), (runnable.NeedsSandbox, runnable.NeedsPrivateNetwork));
    }

    private static (long, string, bool) ActiveOf(SegmentUpdate update)
    {
        var active = Assert.Single(update.Active);
        return (active.Jid, active.Node, active.Started);
    }

    private static AssignJobs Assignment(long first, int count = 1) =>
        new()
        {
            Assignments =
            {
                new Assignment
                {
                    First = first,
                    Count = count,
                    Node = "n1",
                },
            },
        };
}
