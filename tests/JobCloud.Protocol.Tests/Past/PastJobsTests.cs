using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Past;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Tests.Jobs;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Past;

[Properties(Arbitrary = [typeof(ActGenerators)], MaxTest = 300, EndSize = 80)]
public sealed class PastJobsTests
{
    [Property]
    public void A_job_of_the_past_equals_the_replayed_journal(Act[] acts)
    {
        var story = Stories.Of(acts);
        foreach (var (at, then) in Moments(story))
        foreach (var now in Stories.All(story.Segment).Where(job => !job.IsDeleted))
        {
            var past = PastJobs.At(JobViews.Detail(now), at);
            var told = then.Find(now.Jid);
            Assert.Equal(told is null, past is null);
            // When a lost attempt of a job that was killed later ended is only in the events.
            if (told is null || IsKilledUnstarted(story, now))
                continue;
            Assert.Equal(told.Status == Status.Processing, past!.Status == Status.Processing);
            if (told.Status == Status.Processing)
                Assert.Equal((told.ActiveNode, told.Attempt), (past.Node, past.Attempt));
            // An end that did not last is only in the events.
            if (!told.Status.IsFinished() || past.Status.IsFinished())
                Assert.Equal(Kind(told.Status), Kind(past.Status));
            else
                Assert.True(IsReopened(story, now, at));
        }
    }

    [Property]
    public void A_certain_row_agrees_with_the_details(Act[] acts)
    {
        var story = Stories.Of(acts);
        foreach (var (at, _) in Moments(story))
        foreach (var now in Stories.All(story.Segment).Where(job => !job.IsDeleted))
        {
            var detail = JobViews.Detail(now);
            var row = RowBuilder.Job(detail);
            if (!PastJobs.IsCertain(row, at))
                continue;
            var (past, told) = (PastJobs.At(row, at), PastJobs.At(detail, at));
            Assert.Equal(told is null, past is null);
            if (told is null)
                continue;
            Assert.Equal(1, past!.Counts[(int)Kind(told.Status)]);
            Assert.Equal((told.Started, told.Finished), (past.Started, past.Finished));
            Assert.Equal(told.Node, past.Node);
        }
    }

    [Property]
    public void The_counts_of_a_map_of_the_past_are_those_of_its_jobs(Act[] acts)
    {
        var story = Stories.Of(acts);
        var jobs = Stories.All(story.Segment).Where(job => !job.IsDeleted).ToList();
        if (jobs.Count == 0)
            return;
        var range = new JidRange { First = 1, Last = story.Segment.Highest };
        var read = LifeReader.Read(story.Segment, new() { Jobs = { range } });
        var lives = LifeReader.Lives(read).ToList();
        Assert.Equal(jobs.Count, lives.Count);
        var map = new JobRow
        {
            First = 1,
            Last = range.Last,
            Created = jobs.Min(job => job.Slice.Created),
        };
        foreach (var (at, _) in Moments(story))
            if (PastJobs.At(map, lives, at) is { } past)
                Assert.Equal(
                    lives.Count(life => PastJobs.StatusAt(life, at) == Status.Processing),
                    past.Counts[(int)Status.Processing]
                );
            else
                Assert.All(lives, life => Assert.Equal(0, (int)PastJobs.StatusAt(life, at)));
    }

    [Fact]
    public void A_job_that_waited_for_another_was_waiting_until_it_became_runnable()
    {
        var story = new JobStory().Submit();
        story.Submit(with: spec => spec.DependsOn.Add(new JidRange { First = 1, Last = 1 }));
        var submitted = story.Now;
        story.Run(1, new Exit());
        var job = JobViews.Detail(story[2]);
        Assert.Equal(Status.Waiting, PastJobs.At(job, submitted)!.Status);
        Assert.Equal(Status.Queued, PastJobs.At(job, story.Now)!.Status);
    }

    /// <summary>Instants between commits, and the jobs as the journal had them: an attempt begins
    /// and ends at the times that its executor told.</summary>
    private static IEnumerable<(long At, Segment Then)> Moments(JobStory story)
    {
        foreach (var at in story.Journal.Select(e => e.At - 1).Distinct())
        {
            var (then, isLater) = (new Segment(0), false);
            foreach (var e in story.Journal)
            {
                isLater |= e.AttemptLost is null && TimeOf(e, then) > at;
                // A lost attempt may have ended before what the journal has before its loss.
                if (isLater ? IsLost(e, then) && TimeOf(e, then) <= at : TimeOf(e, then) <= at)
                    then.Apply(e);
            }
            yield return (at, then);
        }
    }

    /// <summary>In a story, a segment has every start a thousand µs later than its executor told;
    /// so much earlier it takes the end of a lost attempt to be.</summary>
    private static long TimeOf(JobEvent e, Segment before) =>
        e.AttemptLost is not null && before.Find(new(e.Jid))?.Phase is JobPhase.Processing p
            ? e.At - p.Lag
            : e.Started?.StartedAt ?? e.Ended?.EndedAt ?? e.At;

    private static bool IsLost(JobEvent e, Segment before) =>
        e.AttemptLost is { } lost
        && before.Find(new(e.Jid)) is { Phase: JobPhase.Processing } job
        && job.Attempt == lost.Attempt;

    /// <summary>Users see a job that may run as waiting or as queued; a row does not tell
    /// which.</summary>
    private static Status Kind(Status status) => status == Status.Waiting ? Status.Queued : status;

    private static bool IsKilledUnstarted(JobStory story, Job job) =>
        job.Attempt > 0
        && story.Journal.Any(e => e.KilledUnstarted is not null && Concerns(e, job));

    private static bool Concerns(JobEvent e, Job job) =>
        e.Jid <= job.Slice.Last && e.Jid + Math.Max(1, e.Count) - 1 >= job.Slice.First;

    private static bool IsReopened(JobStory story, Job job, long at) =>
        story.Journal.Any(e =>
            e.At > at
            && (e.Retried is not null || e.DependencyReopened is not null)
            && Concerns(e, job)
        );
}
