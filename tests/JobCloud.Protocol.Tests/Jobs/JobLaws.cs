using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Jobs;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>An act of a random story: its kind, its job, and a random number.</summary>
public sealed record Act(int Kind, int Target, int Chance);

public static class ActGenerators
{
    public static Arbitrary<Act> Acts() =>
        (
            from kind in Gen.Choose(0, 16)
            from target in Gen.Choose(1, 12)
            from chance in Gen.Choose(0, 9)
            select new Act(kind, target, chance)
        ).ToArbitrary();
}

[Properties(Arbitrary = [typeof(ActGenerators)], MaxTest = 400, EndSize = 120)]
public class JobLaws
{
    [Property]
    public void Invariants_hold_after_every_step_of_every_story(Act[] acts)
    {
        var story = new JobStory();
        foreach (var act in acts)
        {
            Stories.Play(story, act);
            Assert.Empty(Invariants.Broken(story.Segment));
        }
    }

    [Property]
    public void Replaying_the_journal_restores_the_jobs(Act[] acts)
    {
        var story = Stories.Of(acts);
        var replayed = new Segment(0);
        foreach (var e in story.Journal)
            replayed.Apply(e);
        Assert.Equal(Stories.Shown(story.Segment), Stories.Shown(replayed));
        Assert.Equal(story.Segment.Unfinished, replayed.Unfinished);
    }

    [Property]
    public void A_repeated_request_records_nothing(Act[] acts, Act last)
    {
        var story = Stories.Of(acts);
        if (Stories.IsSubmission(last) || !Stories.Play(story, last))
            return;
        var before = story.Journal.Count;
        Stories.Play(story, last);
        Assert.Equal(before, story.Journal.Count);
    }

    [Property]
    public void A_finished_job_changes_only_by_retry_deletion_or_dependencies(Act[] acts)
    {
        var story = new JobStory();
        foreach (var act in acts)
        {
            var before = Stories.All(story.Segment).Where(j => j.Status.IsFinished()).ToList();
            Stories.Play(story, act);
            foreach (var job in before)
                if (story[job.Jid].Status != job.Status)
                    Assert.True(Stories.IsRetry(act) || job.Status == Status.Stalled);
        }
    }

    [Property]
    public void A_report_of_a_stale_attempt_changes_nothing(Act[] acts, Act last)
    {
        var story = Stories.Of(acts);
        foreach (var job in Stories.All(story.Segment).Where(j => j.Attempt > 1))
        {
            var stale = job.Attempt - 1 - (last.Chance % job.Attempt);
            Assert.Empty(story.Ended(job.Jid, new Exit { Code = last.Chance }, stale));
            Assert.Empty(story.Started(job.Jid, stale));
        }
    }

    [Property]
    public void All_scheduler_updates_together_equal_a_full_update(Act[] acts)
    {
        var story = Stories.Of(acts);
        var updated = new SchedulerBook();
        foreach (var outbox in story.Messages)
            updated.Fold(outbox.Update);
        var full = new SchedulerBook();
        full.Fold(SegmentUpdates.Of(story.Segment));
        Assert.Equal(full.ToString(), updated.ToString());
    }

    [Property]
    public void Every_assignment_is_sent_to_its_node_once(Act[] acts)
    {
        var story = Stories.Of(acts);
        var assigned = story.Journal.Where(e => e.Assigned is not null).ToList();
        var started = story
            .Messages.SelectMany(o => o.Starts)
            .SelectMany(s => s.Groups)
            .SelectMany(g => g.Orders)
            .Select(o => (o.Jid, o.Attempt))
            .ToHashSet();
        Assert.Equal(
            assigned.Count,
            assigned.Select(e => (e.Jid, e.Assigned.Attempt)).Distinct().Count()
        );
        Assert.Superset(assigned.Select(e => (e.Jid, e.Assigned.Attempt)).ToHashSet(), started);
    }
}
