using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

public class DependencyTests
{
    private static readonly Exit Good = new();
    private static readonly Exit Bad = new() { Code = 1 };

    private static JobStory AfterJob1(DependencyPolicy policy = DependencyPolicy.Abort) =>
        new JobStory().Submit().Submit(with: s => DependsOn(s, 1, 1, policy));

    private static void DependsOn(
        JobSpec spec,
        long first,
        long last,
        DependencyPolicy policy = DependencyPolicy.Abort
    )
    {
        spec.DependsOn.Add(JidRanges.Range(first, last));
        spec.DependsOnErrors = policy;
    }

    [Fact]
    public void A_job_waits_until_its_dependency_is_done()
    {
        var story = AfterJob1();
        Assert.Equal(Status.Waiting, story[2].Status);
        story.Run(1, Good);
        Assert.Equal(Status.Queued, story[2].Status);
    }

    [Fact]
    public void A_finished_dependency_counts_at_once()
    {
        var story = new JobStory().Submit().Run(1, Good).Submit(with: s => DependsOn(s, 1, 1));
        Assert.Equal(Status.Queued, story[2].Status);
    }

    [Fact]
    public void An_error_stalls_dependents_and_stalling_cascades()
    {
        var story = AfterJob1().Submit(with: s => DependsOn(s, 2, 2));
        story.Run(1, Bad);
        Assert.Equal((Status.Stalled, Status.Stalled), (story[2].Status, story[3].Status));
        var reason = ((JobPhase.Ended)story[3].Phase).Reason!;
        Assert.Equal(
            (ReasonCode.Dependency, 2L, "stalled"),
            (reason.Code, reason.Number, reason.Text)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Policy_ignore_accepts_any_end(bool killed)
    {
        var story = AfterJob1(DependencyPolicy.Ignore);
        if (killed)
            story.Change(Change.Kill, 1);
        else
            story.Run(1, Bad);
        Assert.Equal(Status.Queued, story[2].Status);
    }

    [Fact]
    public void A_job_lists_its_dependents()
    {
        var story = new JobStory()
            .Submit(5, map: true)
            .Submit(with: s => DependsOn(s, 2, 3))
            .Submit(2, map: true, with: s => DependsOn(s, 3, 3));
        Assert.Equal([], Dependents(1));
        Assert.Equal([6], Dependents(2));
        Assert.Equal([6, 7], Dependents(3));

        IEnumerable<long> Dependents(long jid) =>
            JobViews.Detail(story[jid], story.Segment).Dependents;
    }

    [Fact]
    public void A_reduce_waits_for_the_whole_map()
    {
        var story = new JobStory().Submit(5, map: true).Submit(with: s => DependsOn(s, 1, 5));
        for (var jid = 1; jid <= 4; jid++)
            story.Run(jid, Good);
        Assert.Equal(Status.Waiting, story[6].Status);
        story.Run(5, Good);
        Assert.Equal(Status.Queued, story[6].Status);
    }

    [Fact]
    public void Stalled_dependents_of_a_retried_job_wait_again()
    {
        var story = AfterJob1().Submit(with: s => DependsOn(s, 2, 2));
        story.Run(1, Bad);
        story.Change(Change.Retry, 1);
        Assert.Equal((Status.Waiting, Status.Waiting), (story[2].Status, story[3].Status));
        story.Run(1, Good);
        Assert.Equal((Status.Queued, Status.Waiting), (story[2].Status, story[3].Status));
    }

    [Fact]
    public void The_event_of_a_retried_dependency_names_it()
    {
        var story = AfterJob1();
        story.Run(1, Bad);
        story.Change(Change.Retry, 1);
        var reopened = Assert.Single(story.Journal, e => e.DependencyReopened is not null);
        Assert.Equal(1, reopened.DependencyReopened.Dependency);
    }

    [Fact]
    public void A_stalled_job_cannot_be_retried_while_its_dependency_is_bad()
    {
        var story = AfterJob1();
        story.Run(1, Bad);
        Assert.Empty(story.Change(Change.Retry, 2).Events);
    }

    [Fact]
    public void A_killed_waiting_job_stays_killed()
    {
        var story = AfterJob1();
        story.Change(Change.Kill, 2);
        story.Run(1, Good);
        Assert.Equal(Status.Killed, story[2].Status);
    }
}
