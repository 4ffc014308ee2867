using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>The messages that follow a commit.</summary>
public sealed class SegmentMessagesTests
{
    [Fact]
    public void A_start_order_contains_everything_that_the_agent_needs()
    {
        var segment = new Segment(0);
        var batch = new PendingCommit(segment, 9, JobRules.Default);
        Decide.Submit(
            batch,
            new SubmitSlice
            {
                First = 1,
                Count = 2,
                Submitted = new Submitted
                {
                    Spec = new JobSpec { Command = "lame {f}", Priority = 4 },
                    Columns =
                    {
                        new MapColumn
                        {
                            Name = "f",
                            List = new ValueList { Values = { "a", "b", "c" } },
                        },
                    },
                    SubmissionFirst = 1,
                    SubmissionLast = 2,
                    IsMap = true,
                    Owner = "ann",
                },
            }
        );
        Decide.Assign(batch, Assignments(1, 2));

        var start = Assert.Single(SegmentMessages.Of(segment, batch.Effects).Starts);
        var group = Assert.Single(start.Groups);
        Assert.Equal("n1", start.Node);
        Assert.Equal(
            ("lame {f}", 1L, true, "ann", 9L, 4),
            (
                group.Spec.Command,
                group.SubmissionFirst,
                group.IsMap,
                group.Owner,
                group.Created,
                group.Priority
            )
        );
        Assert.Equal(
            [(1L, 1, "a", false), (2L, 1, "b", false)],
            group.Orders.Select(o => (o.Jid, o.Attempt, o.Parameters.Single().Value, o.Restarted))
        );
    }

    [Fact]
    public void Start_orders_are_grouped_by_submission_and_priority()
    {
        var story = new JobStory().Submit(2, map: true).Submit();
        story.Change(Change.Priority, 2);
        story.Do(batch => Decide.Assign(batch, Assignments(1, 3)));
        Assert.Equal(
            [(1L, 5), (1L, 2), (3L, 5)],
            story.Messages[^1].Starts.Single().Groups.Select(g => (g.SubmissionFirst, g.Priority))
        );
    }

    [Fact]
    public void A_start_order_after_a_node_loss_is_marked_as_restarted()
    {
        var story = Processing(new JobStory().Submit());
        story.Do(batch => Decide.LoseNode(batch, "n1", false));
        story.Assign(1, "n2");
        var start = story.Messages[^1].Starts.Single();
        Assert.Equal("n2", start.Node);
        Assert.True(start.Groups.Single().Orders.Single().Restarted);
    }

    [Fact]
    public void A_stop_goes_to_the_node_of_the_attempt()
    {
        var story = Processing(new JobStory().Submit());
        story.Change(Change.Kill, 1);
        var stop = story.Messages[^1].Stops.Single();
        Assert.Equal(("n1", 1L, 1), (stop.Node, stop.Attempts[0].Jid, stop.Attempts[0].Attempt));
    }

    [Fact]
    public void Ends_are_accepted_and_starts_are_not()
    {
        var story = new JobStory().Submit().Submit();
        story.Assign(1);
        story.Assign(2);
        story.Started(1);
        Assert.Empty(story.Messages[^1].Accepted);
        story.Ended(1, new Exit());
        Assert.Equal(("n1", 1L, 1), Accepted(story));
        story.Report(
            new AttemptReport
            {
                Jid = 2,
                Attempt = 1,
                NeverStarted = new NeverStarted(),
            }
        );
        Assert.Equal(("n1", 2L, 1), Accepted(story));
        // A late one too: its agent repeats it until then.
        story.Ended(1, new Exit(), attempt: 1);
        Assert.Equal(("n1", 1L, 1), Accepted(story));
    }

    [Fact]
    public void Deleting_a_job_makes_the_nodes_of_all_its_attempts_forget_them()
    {
        var story = Processing(new JobStory().Submit());
        story.Do(batch => Decide.LoseNode(batch, "n1", false));
        story.Assign(1, "n2");
        story.Report(
            new AttemptReport
            {
                Jid = 1,
                Attempt = 2,
                Ended = new AttemptEnd { Exit = new Exit() },
            },
            "n2"
        );
        Assert.Empty(story.Messages[^1].Forgets);
        story.Change(Change.Delete, 1);
        Assert.Equal(
            [("n1", 1L, 1), ("n2", 1L, 2)],
            story
                .Messages[^1]
                .Forgets.SelectMany(f => f.Attempts.Select(a => (f.Node, a.Jid, a.Attempt)))
                .Order()
        );
        story.Change(Change.Retry, 1);
        Assert.Empty(story.Messages[^1].Forgets);
    }

    [Fact]
    public void Changed_statuses_are_runs_in_the_order_of_jids()
    {
        var story = new JobStory().Submit(3, map: true);
        story.Do(batch => Decide.Assign(batch, Assignments(1, 3)));
        Assert.Empty(story.Messages[^1].Runs);
        story.Do(batch =>
        {
            foreach (var jid in new[] { 3L, 1L, 2L })
                Decide.Report(batch, new AttemptReports { Node = "n1", Reports = { Start(jid) } });
        });
        var run = Assert.Single(story.Messages[^1].Runs);
        Assert.Equal((1L, 3L, Status.Processing), (run.First, run.Count, run.Status));
        Assert.Equal([1L], story.Messages[^1].ChangedSlices.Select(slice => slice.SubmissionFirst));
    }

    [Fact]
    public void A_priority_change_makes_the_row_stale_but_adds_no_status_run()
    {
        var story = new JobStory().Submit();
        story.Change(Change.Priority, 1);
        Assert.Empty(story.Messages[^1].Runs);
        Assert.Single(story.Messages[^1].ChangedSlices);
    }

    [Fact]
    public void A_deletion_is_a_status_run()
    {
        var story = new JobStory().Submit().Run(1, new Exit());
        story.Change(Change.Delete, 1);
        Assert.Equal(1, Assert.Single(story.Messages[^1].Runs).First);
    }

    [Fact]
    public void A_job_that_changes_twice_in_a_commit_counts_from_its_first_status()
    {
        var story = new JobStory().Submit();
        story.Do(batch =>
        {
            var by = new Requester("ann", false);
            foreach (var change in new[] { Change.Kill, Change.Retry })
                Decide.Change(
                    batch,
                    new ChangeJobs
                    {
                        Change = change,
                        Jobs =
                        {
                            new JidRange { First = 1, Last = 1 },
                        },
                    },
                    by,
                    out _
                );
        });
        Assert.Equal(Status.Queued, story[1].Status);
        Assert.Empty(story.Messages[^1].Runs);
    }

    [Fact]
    public void An_index_that_lost_its_rows_gets_all_of_them()
    {
        var story = new JobStory().Submit().Submit();
        story.Do(batch => batch.Effects.Reindex());
        Assert.Equal(
            [1L, 2L],
            story.Messages[^1].ChangedSlices.Select(slice => slice.SubmissionFirst).Order()
        );
        story.Do(_ => { });
        Assert.Empty(story.Messages[^1].ChangedSlices);
    }

    [Fact]
    public void A_recovered_segment_announces_its_rows_dependents_and_dependencies()
    {
        var story = new JobStory().Submit().Submit(with: Depends);
        var outbox = SegmentMessages.OnRecovered(story.Segment);
        Assert.Equal([1L, 2L], outbox.ChangedSlices.Select(slice => slice.SubmissionFirst).Order());
        Assert.Equal([2L], outbox.AffectedDependents.Select(dependent => dependent.Submission));
        var ask = Assert.Single(outbox.ToSegments).Dependents;
        Assert.Equal(
            (2L, 0L, 1L),
            (ask.SubmissionFirst, ask.DependentSegment, ask.Dependencies[0].First)
        );
        Assert.True(outbox.Update.Full);
    }

    [Fact]
    public void An_unchanged_outcome_is_sent_to_a_dependent_only_on_request()
    {
        var story = new JobStory().Submit().Submit(with: Depends);
        var outcomes = new DependencyOutcomes();
        var dependents = story.Segment.Dependents;
        var asked = new HashSet<(long, long)> { (2, 0) };
        Assert.Single(outcomes.News(story.Segment, dependents, asked));
        Assert.Empty(outcomes.News(story.Segment, dependents, new HashSet<(long, long)>()));
        Assert.Single(outcomes.News(story.Segment, dependents, asked));
    }

    [Fact]
    public void A_commit_with_any_effect_is_announced()
    {
        Assert.True(EffectsOf(new JobStory(), _ => { }).IsEmpty);
        Assert.False(EffectsOf(new JobStory().Submit(), b => Kill(b)).IsEmpty);
        Assert.False(EffectsOf(new JobStory(), b => b.Effects.SendFullUpdate()).IsEmpty);
        Assert.False(EffectsOf(new JobStory(), b => b.Effects.Reindex()).IsEmpty);
        Assert.False(EffectsOf(new JobStory(), b => b.Effects.CheckNode("n1")).IsEmpty);
        Assert.False(EffectsOf(new JobStory(), b => Decide.Assign(b, Assignments(9, 1))).IsEmpty);
        Assert.False(EffectsOf(new JobStory(), b => Decide.Report(b, Reports(Start(9)))).IsEmpty);
        var late = new AttemptReport { Jid = 9, NeverStarted = new NeverStarted() };
        Assert.False(EffectsOf(new JobStory(), b => Decide.Report(b, Reports(late))).IsEmpty);
        var known = new JobStory().Submit().Submit(with: Depends);
        var again = new RegisterDependents { SubmissionFirst = 2 };
        Assert.False(EffectsOf(known, b => Decide.Register(b, again)).IsEmpty);
    }

    [Fact]
    public void A_node_that_restarted_is_checked()
    {
        var story = new JobStory();
        story.Do(batch => batch.Effects.CheckNode("n1"));
        Assert.Equal(["n1"], story.Messages[^1].NodesToCheck);
    }

    private static void Kill(PendingCommit batch) =>
        Decide.Change(
            batch,
            new ChangeJobs
            {
                Change = Change.Kill,
                Jobs =
                {
                    new JidRange { First = 1, Last = 1 },
                },
            },
            new Requester("ann", false),
            out _
        );

    private static Effects EffectsOf(JobStory story, Action<PendingCommit> decide)
    {
        Effects? effects = null;
        story.Do(batch =>
        {
            decide(batch);
            effects ??= batch.Effects;
        });
        return effects!;
    }

    private static (string, long, int) Accepted(JobStory story)
    {
        var accepted = Assert.Single(story.Messages[^1].Accepted);
        var key = Assert.Single(accepted.Ended);
        return (accepted.Node, key.Jid, key.Attempt);
    }

    private static JobStory Processing(JobStory story)
    {
        story.Assign(1);
        story.Started(1);
        return story;
    }

    private static void Depends(JobSpec spec) =>
        spec.DependsOn.Add(new JidRange { First = 1, Last = 1 });

    private static AttemptReport Start(long jid) =>
        new()
        {
            Jid = jid,
            Attempt = 1,
            Started = new AttemptStart { Pid = 7 },
        };

    private static AttemptReports Reports(AttemptReport report) =>
        new() { Node = "n1", Reports = { report } };

    private static AssignJobs Assignments(long first, int count) =>
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
