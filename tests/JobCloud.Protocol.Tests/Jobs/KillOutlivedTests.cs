using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Reasons;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Processes that outlive SIGKILL, in the history and the state of a job.</summary>
public sealed class KillOutlivedTests
{
    private const string Why = "process 9 (dd, in nfs_wait) cannot be killed: its disk is away";

    [Fact]
    public void A_process_that_cannot_be_killed_is_recorded_once_and_shown()
    {
        var story = Killed();

        var e = Assert.Single(story.Report(Outlived(Why)));

        var line = EventText.Of(e)!;
        Assert.Equal(("kill_outlived", 1, Why), (line.What, line.Attempt, line.Message));
        Assert.Equal(EventLevel.Error, line.Level);
        Assert.Equal(Why, JobViews.Detail(story[1]).Outlives);
        Assert.Empty(story.Report(Outlived(Why)));
        Assert.Single(story.Report(Outlived("process 10 (dd) cannot be killed")));
    }

    [Fact]
    public void An_attempt_that_ends_late_is_no_longer_reported_as_alive()
    {
        var story = Killed();
        story.Report(Outlived(Why));

        story.Ended(1, new Exit { Signal = 9 });

        Assert.Equal(Status.Killed, story[1].Status);
        Assert.Equal("", JobViews.Detail(story[1]).Outlives);
        Assert.Empty(story.Report(Outlived(Why)));
    }

    [Fact]
    public void A_late_report_of_an_earlier_attempt_changes_nothing()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        story.Do(batch => Decide.LoseNode(batch, "n1", planned: false));
        story.Assign(1);
        story.Started(1);

        Assert.Empty(story.Report(Outlived(Why)));
    }

    private static JobStory Killed()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        story.Started(1);
        story.Change(Change.Kill, 1);
        return story;
    }

    private static AttemptReport Outlived(string why) =>
        new()
        {
            Jid = 1,
            Attempt = 1,
            KillOutlived = new KillOutlived { Why = why },
        };
}
