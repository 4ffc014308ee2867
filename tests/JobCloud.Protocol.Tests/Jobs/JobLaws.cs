using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JobCloud.Protocol.Jobs;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>One act in a random story: which act, on which job, and a little chance.</summary>
public sealed record Act(int Kind, int Target, int Chance);

public static class ActGenerators
{
    public static Arbitrary<Act> Acts() =>
        (
            from kind in Gen.Choose(0, 15)
            from target in Gen.Choose(1, 12)
            from chance in Gen.Choose(0, 9)
            select new Act(kind, target, chance)
        ).ToArbitrary();
}

[Properties(Arbitrary = [typeof(ActGenerators)], MaxTest = 400, EndSize = 120)]
public class JobLaws
{
    [Property]
    public void Invariants_hold_after_every_act_of_every_story(Act[] acts)
    {
        var story = new JobStory();
        foreach (var act in acts)
        {
            Stories.Play(story, act);
            Assert.Empty(Invariants.Broken(story.Segment));
        }
    }

    [Property]
    public void Replaying_the_journal_gives_the_same_jobs(Act[] acts)
    {
        var story = Stories.Of(acts);
        var replayed = new Segment(0);
        foreach (var e in story.Journal)
            replayed.Apply(e);
        Assert.Equal(Stories.Shown(story.Segment), Stories.Shown(replayed));
        Assert.Equal(story.Segment.Unfinished, replayed.Unfinished);
    }

    [Property]
    public void The_same_act_twice_adds_nothing(Act[] acts, Act last)
    {
        var story = Stories.Of(acts);
        if (Stories.IsSubmission(last) || !Stories.Play(story, last))
            return;
        var before = story.Journal.Count;
        Stories.Play(story, last);
        Assert.Equal(before, story.Journal.Count);
    }

    [Property]
    public void An_ended_job_changes_only_by_retry_deletion_or_what_it_depended_on(Act[] acts)
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
    public void Attempt_numbers_never_fall_and_a_stale_one_changes_nothing(Act[] acts, Act last)
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
    public void What_the_scheduler_was_told_adds_up_to_what_is_so(Act[] acts)
    {
        var story = Stories.Of(acts);
        var told = new SchedulerBook();
        foreach (var outbox in story.Told)
            told.Fold(outbox.Update);
        var truth = new SchedulerBook();
        truth.Fold(SchedulerView.Of(story.Segment));
        Assert.Equal(truth.ToString(), told.ToString());
    }

    [Property]
    public void Every_assignment_is_sent_to_its_node_once(Act[] acts)
    {
        var story = Stories.Of(acts);
        var assigned = story.Journal.Where(e => e.Assigned is not null).ToList();
        var started = story
            .Told.SelectMany(o => o.Starts)
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
