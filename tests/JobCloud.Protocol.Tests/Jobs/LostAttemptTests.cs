using JobCloud.Protocol.Info;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Attempts that end with their node: reason, status, and whether it counts as a
/// crash.</summary>
public sealed class LostAttemptTests
{
    public enum Loss
    {
        Fenced,
        Stopped,
        Evicted,
        Unknown,
        Lost,
        Left,
    }

    [Theory]
    [InlineData(Loss.Fenced, ReasonCode.NodeLost, 1)]
    [InlineData(Loss.Stopped, ReasonCode.NodeStopped, 0)]
    [InlineData(Loss.Evicted, ReasonCode.NodeDrained, 0)]
    [InlineData(Loss.Unknown, ReasonCode.NodeRestarted, 1)]
    [InlineData(Loss.Lost, ReasonCode.NodeLost, 1)]
    [InlineData(Loss.Left, ReasonCode.NodeLost, 0)]
    public void A_restartable_job_is_queued_again_and_only_unplanned_losses_are_crashes(
        Loss loss,
        ReasonCode code,
        int crashes
    )
    {
        var story = Lose(loss, new JobStory().Submit());
        var queued = Assert.IsType<JobPhase.Queued>(story[1].Phase);
        Assert.Equal((code, "n1"), (queued.Reason!.Code, queued.Reason.Text));
        Assert.Equal((crashes, 1), (story[1].Crashes, story[1].Restarts));
    }

    [Theory]
    [InlineData(Loss.Fenced, ReasonCode.NodeLost)]
    [InlineData(Loss.Stopped, ReasonCode.NodeStopped)]
    [InlineData(Loss.Evicted, ReasonCode.NodeDrained)]
    [InlineData(Loss.Unknown, ReasonCode.NodeLost)]
    [InlineData(Loss.Lost, ReasonCode.NodeLost)]
    public void A_job_that_is_not_restartable_ends_in_error_and_names_the_node(
        Loss loss,
        ReasonCode code
    )
    {
        var story = Lose(loss, new JobStory().Submit(with: spec => spec.NotRestartable = true));
        var ended = Assert.IsType<JobPhase.Ended>(story[1].Phase);
        Assert.Equal(
            (Status.Error, code, "n1"),
            (ended.End, ended.Reason!.Code, ended.Reason.Text)
        );
    }

    [Fact]
    public void A_planned_loss_does_not_reach_the_crash_limit()
    {
        var story = new JobStory(new JobRules(2, 1_000)).Submit();
        Lose(Loss.Lost, story);
        Lose(Loss.Left, story);
        Assert.Equal(Status.Queued, story[1].Status);
        Lose(Loss.Lost, story);
        var ended = Assert.IsType<JobPhase.Ended>(story[1].Phase);
        Assert.Equal((ReasonCode.CrashLimit, 2L), (ended.Reason!.Code, ended.Reason.Number));
    }

    [Fact]
    public void A_crash_limit_of_0_means_no_limit()
    {
        var story = new JobStory(new JobRules(0, 1_000)).Submit();
        for (var i = 0; i < 10; i++)
            Lose(Loss.Lost, story);
        Assert.Equal((Status.Queued, 10), (story[1].Status, story[1].Crashes));
    }

    [Theory]
    [InlineData(Loss.Fenced)]
    [InlineData(Loss.Stopped)]
    [InlineData(Loss.Evicted)]
    public void An_attempt_that_a_node_did_not_start_is_neither_a_crash_nor_a_restart(Loss loss)
    {
        var story = new JobStory(new JobRules(2, 1_000)).Submit(with: s => s.NotRestartable = true);
        for (var i = 0; i < 5; i++)
        {
            story.Assign(1);
            story.Report(EndOf(loss, story[1].Attempt, notStarted: "the node is fenced"));
            Assert.Equal(Status.Queued, story[1].Status);
        }
        Assert.Equal((0, 0), (story[1].Crashes, story[1].Restarts));
    }

    [Fact]
    public void A_job_that_was_only_assigned_to_a_lost_node_did_not_crash()
    {
        var story = new JobStory(new JobRules(2, 1_000)).Submit();
        for (var i = 0; i < 5; i++)
        {
            story.Assign(1);
            story.Do(batch => Decide.LoseNode(batch, "n1", planned: false));
            Assert.Equal(Status.Queued, story[1].Status);
        }
        Assert.Equal((0, 0), (story[1].Crashes, story[1].Restarts));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(0)]
    [InlineData(3)]
    public void The_runtime_of_an_attempt_lost_with_its_node_follows_one_clock(int hoursAhead)
    {
        const long Minute = 60_000_000;
        var story = new JobStory().Submit(with: spec => spec.NotRestartable = true);
        story.Pass(24 * 60 * Minute);
        story.Assign(1);
        // Its node has a wall clock of its own.
        var started = story.Now + 1_000 + hoursAhead * 60 * Minute;
        story.Report(
            new AttemptReport
            {
                Jid = 1,
                Attempt = 1,
                Started = new AttemptStart { Pid = 7, StartedAt = started },
            }
        );

        story.Pass(Minute);
        story.Do(batch => Decide.LoseNode(batch, "n1", planned: false));

        var runtime = JobTimes.Runtime(JobViews.Detail(story[1]), story.Now);
        Assert.Equal(Minute + 1_000, runtime);
    }

    private static AttemptReport EndOf(Loss loss, int attempt, string notStarted = "") =>
        new()
        {
            Jid = 1,
            Attempt = attempt,
            Evicted = loss == Loss.Evicted,
            Ended = new AttemptEnd
            {
                Exit = new Exit
                {
                    Signal = notStarted.Length == 0 ? 15 : 0,
                    NotStarted = notStarted,
                    Fenced = loss == Loss.Fenced,
                    Stopped = loss == Loss.Stopped,
                },
            },
        };

    private static JobStory Lose(Loss loss, JobStory story)
    {
        story.Assign(1);
        story.Started(1);
        switch (loss)
        {
            case Loss.Lost or Loss.Left:
                story.Do(batch => Decide.LoseNode(batch, "n1", planned: loss == Loss.Left));
                break;
            case Loss.Unknown:
                story.Report(
                    new AttemptReport
                    {
                        Jid = 1,
                        Attempt = story[1].Attempt,
                        Unknown = new UnknownAttempt(),
                    }
                );
                break;
            default:
                story.Report(EndOf(loss, story[1].Attempt));
                break;
        }
        return story;
    }
}
