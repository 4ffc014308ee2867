using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

public class DecideTests
{
    private static readonly Exit Good = new();
    private static readonly Exit Bad = new() { Code = 3 };

    [Theory]
    [InlineData(0, 0, false, Status.Done)]
    [InlineData(3, 0, false, Status.Error)]
    [InlineData(3, 0, true, Status.Done)]
    [InlineData(0, 11, false, Status.Error)]
    [InlineData(0, 11, true, Status.Error)]
    public void An_exit_determines_the_status(int code, int signal, bool ignore, Status end)
    {
        var story = new JobStory().Submit(with: s => s.IgnoreExitStatus = ignore);
        story.Run(1, new Exit { Code = code, Signal = signal });
        Assert.Equal(end, story[1].Status);
    }

    [Fact]
    public void A_failed_job_is_retried_with_a_doubling_backoff()
    {
        var story = new JobStory().Submit(with: s => (s.Retries, s.RetryBackoffMs) = (2, 100));
        story.Run(1, Bad);
        var first = Assert.IsType<JobPhase.Queued>(story[1].Phase);
        Assert.Equal(100_000, first.NotBefore - story.Now);
        story.Run(1, Bad);
        var second = Assert.IsType<JobPhase.Queued>(story[1].Phase);
        Assert.Equal(200_000, second.NotBefore - story.Now);
        story.Run(1, Bad);
        Assert.Equal(Status.Error, story[1].Status);
        Assert.Equal((3, 2), (story[1].Attempt, story[1].Retries));
    }

    [Fact]
    public void A_job_over_its_max_runtime_is_killed_and_not_retried()
    {
        var story = new JobStory().Submit(with: s => (s.Retries, s.MaxRuntimeMs) = (2, 60_000));
        story.Run(1, new Exit { Signal = 15, OverMaxRuntime = true });
        var end = Assert.IsType<JobPhase.Ended>(story[1].Phase);
        Assert.Equal((Status.Killed, ReasonCode.MaxRuntime), (end.End, end.Reason!.Code));
    }

    [Theory]
    [InlineData(300, true, 4, 300, "-t c1")]
    [InlineData(300, false, 4, 300, "--memory")]
    [InlineData(300, false, -1, 300, "--memory")]
    [InlineData(300, false, 0, 0, "")]
    [InlineData(0, false, 0, 0, "")]
    public void Out_of_memory_names_the_limit_only_if_it_was_hit(
        long limit,
        bool byType,
        long failures,
        long told,
        string option
    )
    {
        var story = new JobStory().Submit(with: s =>
            (s.CoreType, s.MemoryBytes, s.MemoryByType) = ("c1", limit, byType)
        );
        story.Assign(1);
        story.Started(1);
        story.Report(
            new AttemptReport
            {
                Jid = 1,
                Attempt = 1,
                Ended = new AttemptEnd
                {
                    Exit = new Exit { Signal = 9, OutOfMemory = true },
                    Usage = new Usage { MemoryFailures = failures },
                },
            }
        );
        var end = Assert.IsType<JobPhase.Ended>(story[1].Phase);
        Assert.Equal(ReasonCode.OutOfMemory, end.Reason!.Code);
        Assert.Equal((told, option), (end.Reason.Number, end.Reason.Text));
    }

    [Fact]
    public void A_killed_queued_job_never_starts()
    {
        var story = new JobStory().Submit();
        story.Change(Change.Kill, 1);
        Assert.Empty(story.Assign(1));
        Assert.Equal(Status.Killed, story[1].Status);
    }

    [Fact]
    public void A_processing_job_is_killed_only_after_its_processes_end()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        story.Change(Change.Kill, 1);
        Assert.Equal(Status.Processing, story[1].Status);
        Assert.Contains(story.Messages, o => o.Stops.Count == 1);
        story.Ended(1, Good);
        Assert.Equal(Status.Killed, story[1].Status);
    }

    [Fact]
    public void A_job_killed_in_a_backlog_ends_when_the_node_withdraws_it()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Change(Change.Kill, 1);
        story.Report(
            new AttemptReport
            {
                Jid = 1,
                Attempt = 1,
                NeverStarted = new NeverStarted(),
            }
        );
        Assert.Equal(Status.Killed, story[1].Status);
    }

    [Fact]
    public void Killing_a_finished_job_has_no_effect()
    {
        var story = new JobStory().Submit().Run(1, Good);
        Assert.Empty(story.Change(Change.Kill, 1).Events);
    }

    [Fact]
    public void A_refused_deletion_changes_no_job()
    {
        var story = new JobStory().Submit(2, map: true).Run(1, Good);
        var (refusal, events) = story.Change(Change.Delete, 1, 2);
        Assert.Equal((RefusalCode.UnfinishedJob, 2L), (refusal!.Code, refusal.Jid));
        Assert.Empty(events);
    }

    [Fact]
    public void A_deleted_job_keeps_only_accounting_data_and_refuses_changes()
    {
        var story = new JobStory().Submit().Run(1, Good);
        story.Change(Change.Delete, 1);
        var kept = JobViews.Detail(story[1]);
        Assert.True(kept.Deleted && kept.Finished > kept.Started && kept.Command == "");
        Assert.Equal("Job 1 was deleted.", story.Change(Change.Retry, 1).Refusal!.Message);
    }

    [Fact]
    public void A_purge_skips_unfinished_jobs_and_its_jobs_are_refused_as_purged()
    {
        var story = new JobStory().Submit(3, map: true).Run(1, Good).Run(2, Good);
        story.Change(Change.Delete, 2);
        Assert.Null(story.Change(Change.Purge, 1, 9).Refusal);
        Assert.Equal("Job 1 was purged by ann.", story.Change(Change.Retry, 1).Refusal!.Message);
        Assert.Equal("Job 2 was deleted.", story.Change(Change.Retry, 2).Refusal!.Message);
        Assert.False(story[3].IsDeleted);
        Assert.Equal(Removal.Purged, JobViews.Detail(story[1]).Removal);
        // The segment's compacted state keeps how, and by whom.
        var restored = new Segment(0);
        restored.Restore(story.Segment.Compact());
        Assert.Equal(Removal.Purged, restored.Find(new Jid(1))!.Removal);
        Assert.Equal(
            ["ann", ""],
            new[] { 1, 2 }.Select(jid => restored.Find(new Jid(jid))!.Remover)
        );
    }

    [Fact]
    public void Jobs_of_a_lost_node_restart_first_or_end_with_an_error()
    {
        var story = new JobStory().Submit().Submit(with: s => s.NotRestartable = true);
        story.Assign(1);
        story.Assign(2);
        story.Started(1);
        story.Started(2);
        story.Do(b => Decide.LoseNode(b, "n1", false));
        Assert.True(story[1].Phase is JobPhase.Queued { Restarted: true, AvoidNode: "n1" });
        Assert.True(story[2].Phase is JobPhase.Ended { End: Status.Error });
        story.Assign(1, "n2");
        Assert.Equal(2, story[1].Attempt);
    }

    [Fact]
    public void The_crash_limit_counts_unplanned_losses_only()
    {
        var story = new JobStory(new JobRules(2, 1_000)).Submit();
        foreach (var planned in new[] { true, false, true, false })
        {
            story.Assign(1);
            story.Started(1);
            story.Do(b => Decide.LoseNode(b, "n1", planned));
        }
        var end = Assert.IsType<JobPhase.Ended>(story[1].Phase);
        Assert.Equal((Status.Error, ReasonCode.CrashLimit), (end.End, end.Reason!.Code));
    }

    [Theory]
    [InlineData(false, Status.Queued)]
    [InlineData(true, Status.Error)]
    public void A_job_stopped_with_its_node_restarts_without_counting_a_crash(
        bool notRestartable,
        Status status
    )
    {
        var story = new JobStory().Submit(with: s => s.NotRestartable = notRestartable);
        story.Run(1, new Exit { Signal = 15, Stopped = true });
        Assert.Equal((status, 0), (story[1].Status, story[1].Crashes));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void An_unknown_attempt_is_sent_again_only_if_it_cannot_have_run(
        bool started,
        bool executorIsNewer
    )
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        if (started)
            story.Started(1);
        story.Report(
            new AttemptReport
            {
                Jid = 1,
                Attempt = 1,
                Unknown = new UnknownAttempt { Since = executorIsNewer ? story.Now + 1 : 0 },
            }
        );
        if (!started && !executorIsNewer)
            Assert.Contains(story.Messages[^1].Starts, s => s.Groups[0].Orders[0].Jid == 1);
        else
            Assert.True(story[1].Phase is JobPhase.Queued { Restarted: true });
    }

    [Fact]
    public void A_stale_attempt_that_still_runs_is_stopped()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        story.Do(b => Decide.LoseNode(b, "n1", false));
        story.Assign(1, "n2");
        story.Started(1, attempt: 1);
        Assert.Equal(1, story.Messages[^1].Stops.Single().Attempts.Single().Attempt);
    }

    [Fact]
    public void A_tail_slice_is_released_with_its_head_or_voided()
    {
        var segment = new Segment(1);
        var slice = new SubmitSlice
        {
            First = 1_024,
            Count = 2,
            Held = true,
            Submitted = new Events.Submitted
            {
                Spec = new JobSpec { Cores = 1 },
                SubmissionFirst = 1_000,
                SubmissionLast = 1_025,
                IsMap = true,
            },
        };
        var batch = new PendingCommit(segment, 1, JobRules.Default);
        Assert.Null(Decide.Submit(batch, slice));
        Assert.Empty(SegmentMessages.Of(segment, batch.Effects).Update.Runnable);

        var release = new PendingCommit(segment, 2, JobRules.Default);
        Decide.Release(release, 1_000);
        Assert.Equal(
            2,
            SegmentMessages.Of(segment, release.Effects).Update.Runnable.Single().Count
        );

        var replayed = new Segment(1);
        replayed.Apply(batch.Events[0]);
        var voided = new PendingCommit(replayed, 3, JobRules.Default);
        Decide.Void(voided, 1_000);
        Assert.Equal(
            (null, 0L, 0),
            (replayed.Find(new Jid(1_024)), replayed.Highest, replayed.Unfinished)
        );
        Assert.Empty(Invariants.Broken(replayed));
    }
}
