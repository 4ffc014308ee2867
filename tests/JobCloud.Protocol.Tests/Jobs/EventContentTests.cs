using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Tests the contents of recorded events: readers of the history have nothing
/// else.</summary>
public sealed class EventContentTests
{
    private static readonly Reason TooManyFailures = new()
    {
        Code = ReasonCode.MaxFails,
        Number = 3,
    };

    [Fact]
    public void A_killed_queued_job_names_the_user_who_killed_it()
    {
        var e = Assert.Single(new JobStory().Submit().Change(Change.Kill, 1).Events);
        var reason = e.KilledUnstarted.Reason;
        Assert.Equal((ReasonCode.KilledBy, "ann"), (reason.Code, reason.Text));
    }

    [Fact]
    public void A_kill_with_a_reason_keeps_that_reason()
    {
        var events = new JobStory()
            .Submit()
            .Do(batch => Kill(batch, new ChangeJobs { Reason = TooManyFailures }));
        Assert.Equal(TooManyFailures, Assert.Single(events).KilledUnstarted.Reason);
    }

    [Fact]
    public void A_kill_of_a_processing_job_records_its_grace_and_reason()
    {
        var story = Processing();
        var e = Assert.Single(
            story.Do(batch =>
                Kill(batch, new ChangeJobs { GraceMs = 700, Reason = TooManyFailures })
            )
        );
        Assert.Equal((700, TooManyFailures), (e.KillRequested.GraceMs, e.KillRequested.Reason));
        Assert.Equal(700, story.Messages[^1].Stops.Single().Attempts.Single().GraceMs);
    }

    [Fact]
    public void A_second_kill_of_a_processing_job_records_nothing()
    {
        var story = Processing();
        story.Change(Change.Kill, 1);
        Assert.Empty(story.Change(Change.Kill, 1).Events);
    }

    [Fact]
    public void A_priority_change_affects_only_unfinished_jobs_with_a_different_priority()
    {
        var story = new JobStory().Submit().Submit().Run(2, new Exit());
        Assert.Single(story.Change(Change.Priority, 1).Events);
        Assert.Equal(2, story[1].Priority);
        Assert.Empty(story.Change(Change.Priority, 1).Events);
        Assert.Empty(story.Change(Change.Priority, 2).Events);
    }

    [Fact]
    public void A_retried_job_is_queued_or_waits_for_its_dependencies()
    {
        var story = new JobStory().Submit().Submit(with: Depends(on: 1));
        story.Run(1, new Exit { Code = 3 });
        Assert.Equal(Status.Stalled, story[2].Status);
        Assert.Equal(Status.Queued, Retried(story, 1));
        Assert.Equal(Status.Queued, story[1].Status);

        story.Change(Change.Kill, 2);
        Assert.Equal(Status.Waiting, Retried(story, 2));
        Assert.Equal(Status.Waiting, story[2].Status);
    }

    [Fact]
    public void A_start_records_the_number_of_its_attempt()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        Assert.Equal(1, Assert.Single(story.Started(1)).Started.Attempt);
    }

    [Fact]
    public void An_attempt_that_never_started_records_its_number_or_the_reason_of_the_kill()
    {
        var story = new JobStory().Submit().Submit();
        story.Assign(1);
        story.Assign(2);
        story.Change(Change.Kill, 2);
        Assert.Equal(1, Assert.Single(NeverStarted(story, 1)).Unassigned.Attempt);
        var reason = Assert.Single(NeverStarted(story, 2)).KilledUnstarted.Reason;
        Assert.Equal((ReasonCode.KilledBy, "ann"), (reason.Code, reason.Text));
    }

    [Fact]
    public void An_attempt_unknown_to_an_executor_that_started_before_its_assignment_is_started_again()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        Assert.Empty(Unknown(story, since: story.Now));
        Assert.Equal(Status.Queued, story[1].Status);
        Assert.Equal(1, story.Messages[^1].Starts.Single().Groups.Single().Orders.Single().Attempt);
    }

    [Fact]
    public void Attempts_of_a_retried_job_keep_their_numbers_and_reasons()
    {
        var story = new JobStory().Submit(with: spec => spec.Retries = 1);
        story.Run(1, new Exit { Code = 3 }).Run(1, new Exit { Code = 4 });
        story.Change(Change.Retry, 1);
        Assert.Equal(
            [(1, 3L), (2, 4L)],
            JobViews.Detail(story[1]).Attempts.Select(a => (a.Attempt, a.Reason.Number))
        );
    }

    [Fact]
    public void An_unreadable_return_file_is_the_reason_for_the_error()
    {
        var story = new JobStory().Submit().Run(1, new Exit { ResultTrouble = "no such file" });
        var reason = JobViews.ReasonOf(story[1].Phase)!;
        Assert.Equal((ReasonCode.ReturnFile, "no such file"), (reason.Code, reason.Text));
        Assert.Null(JobViews.ReasonOf(new JobStory().Submit().Run(1, new Exit())[1].Phase));
    }

    [Fact]
    public void A_retry_without_backoff_can_start_at_once()
    {
        var story = new JobStory().Submit(with: spec => spec.Retries = 1);
        story.Run(1, new Exit { Code = 3 });
        Assert.Equal(0, Assert.IsType<JobPhase.Queued>(story[1].Phase).NotBefore);
    }

    [Fact]
    public void A_settled_dependency_is_recorded_for_all_jobs_of_the_slice()
    {
        var story = new JobStory().Submit().Submit(3, Depends(on: 1), map: true);
        story.Run(1, new Exit());
        var e = Assert.Single(story.Journal, e => e.DependencySettled is not null);
        Assert.Equal((2L, 3), (e.Jid, e.Count));
    }

    [Fact]
    public void A_retry_after_a_failure_is_not_a_restart()
    {
        var story = new JobStory().Submit(with: spec => spec.Retries = 1);
        story.Run(1, new Exit { Code = 3 });
        var queued = Assert.IsType<JobPhase.Queued>(story[1].Phase);
        Assert.Equal((false, ""), (queued.Restarted, queued.AvoidNode));
    }

    [Fact]
    public void An_assignment_without_a_number_is_the_next_attempt()
    {
        var story = new JobStory().Submit().Run(1, new Exit { Code = 3 });
        story.Change(Change.Retry, 1);
        story.Segment.Apply(
            new Events.JobEvent
            {
                Jid = 1,
                Assigned = new Events.Assigned { Node = "n1" },
            }
        );
        Assert.Equal(2, story[1].Attempt);
        var other = new JobStory().Submit();
        other.Segment.Apply(
            new Events.JobEvent
            {
                Jid = 1,
                Assigned = new Events.Assigned { Node = "n1", Attempt = 5 },
            }
        );
        Assert.Equal(5, other[1].Attempt);
    }

    [Fact]
    public void The_same_submission_registers_once_from_each_of_its_segments()
    {
        var story = new JobStory().Submit();
        Assert.Single(Register(story, segment: 3));
        Assert.Empty(Register(story, segment: 3));
        Assert.Single(Register(story, segment: 4));
    }

    [Fact]
    public void An_open_outcome_reopens_the_dependency_regardless_of_its_status()
    {
        var story = new JobStory().Submit().Submit(with: Depends(on: 1)).Run(1, new Exit());
        var events = story.Do(batch =>
            Decide.Settle(
                batch,
                new DependencyOutcome
                {
                    SubmissionFirst = 2,
                    Open = true,
                    Worst = Status.Done,
                }
            )
        );
        Assert.NotNull(Assert.Single(events).DependencyReopened);
    }

    private static IReadOnlyList<Events.JobEvent> Register(JobStory story, long segment) =>
        story.Do(batch =>
            Decide.Register(
                batch,
                new RegisterDependents { SubmissionFirst = 9_000, DependentSegment = segment }
            )
        );

    private static JobStory Processing()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        return story;
    }

    private static Action<JobSpec> Depends(long on) =>
        spec => spec.DependsOn.Add(new JidRange { First = on, Last = on });

    private static Status Retried(JobStory story, long jid) =>
        Assert.Single(story.Change(Change.Retry, jid).Events).Retried.Status;

    private static IReadOnlyList<Events.JobEvent> NeverStarted(JobStory story, long jid) =>
        story.Report(
            new AttemptReport
            {
                Jid = jid,
                Attempt = 1,
                NeverStarted = new NeverStarted(),
            }
        );

    private static IReadOnlyList<Events.JobEvent> Unknown(JobStory story, long since) =>
        story.Report(
            new AttemptReport
            {
                Jid = 1,
                Attempt = 1,
                Unknown = new UnknownAttempt { Since = since },
            }
        );

    private static void Kill(PendingCommit batch, ChangeJobs kill)
    {
        kill.Change = Change.Kill;
        kill.Jobs.Add(new JidRange { First = 1, Last = 1 });
        Decide.Change(batch, kill, new Requester("scheduler", true), out _);
    }
}
