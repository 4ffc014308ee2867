using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

[Properties(Arbitrary = [typeof(ClusterStories)], MaxTest = 150, EndSize = 60)]
public sealed class RecallLaws
{
    [Property]
    public void Only_attempts_that_have_not_started_are_recalled(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                foreach (var recall in plan.Recalls)
                foreach (var jid in JidRanges.Enumerate(recall.Jobs))
                {
                    Assert.Equal(recall.Node, scenario.NodeOf(jid));
                    Assert.False(scenario.Jobs[jid].Started);
                }
            }
        );

    [Property]
    public void No_more_urgent_job_waits_behind_an_attempt_that_has_not_started(ClusterStory story)
    {
        var scenario = Rested(story);
        foreach (var (node, waiting) in Waiting(scenario))
        foreach (var shape in scenario.Ledger.Shapes)
            if (
                shape.Queued > 0
                && Feasibility.HoldOf(shape) is null
                && Between(scenario, shape, node) is Obstacle.CoresBusy or Obstacle.MemoryBusy
            )
                Assert.True(shape.Priority >= waiting.Wants.Priority);
    }

    [Property]
    public void No_node_has_room_for_an_attempt_that_waits_elsewhere(ClusterStory story)
    {
        var scenario = Rested(story);
        foreach (var (node, waiting) in Waiting(scenario))
            Assert.DoesNotContain(
                scenario.Ledger.Nodes,
                other =>
                    other != node
                    && other is { Accepts: true, ReservedFor: null }
                    && other.Name != waiting.Wants.AvoidNode
                    && other.Memory >= waiting.Wants.MemoryBytes
                    && other.CoresFree >= waiting.Wants.Cores
                    && other.MemoryFree >= MemoryOf(other, waiting)
                    && waiting.Wants is { NeedsSandbox: false, NeedsPrivateNetwork: false }
            );
    }

    [Property]
    public void Recalls_end(ClusterStory story) => Assert.Empty(Rested(story).Run().Recalls);

    /// <summary>The cloud after a while in which nodes start what fits, and hand back.</summary>
    private static ClusterScenario Rested(ClusterStory story)
    {
        var scenario = story.Play();
        for (var i = 0; i < 6; i++)
        {
            StartFitting(scenario);
            scenario.HandBack(scenario.After(1.5).Run());
        }
        scenario.Run();
        return scenario;
    }

    private static void StartFitting(ClusterScenario scenario)
    {
        foreach (var node in scenario.Ledger.Nodes)
            if (node.Accepts)
                foreach (
                    var jid in scenario.On(node.Name).OrderBy(jid => Turn(scenario, jid)).ToList()
                )
                    if (!scenario.Jobs[jid].Started && Fits(node, scenario.Jobs[jid]))
                        scenario.Active(jid, started: true);
    }

    private static (int, bool, long) Turn(ClusterScenario scenario, long jid) =>
        scenario.Jobs[jid].Wants is var wants ? (wants.Priority, !wants.Restarted, jid) : default;

    private static bool Fits(NodeAccount node, SimulatedJob job) =>
        node.Cores - node.CoresProcessing >= job.Wants.Cores
        && node.Memory - node.MemoryProcessing >= MemoryOf(node, job);

    private static long MemoryOf(NodeAccount node, SimulatedJob job) =>
        PlacementSize.Memory(job.Wants.MemoryBytes, job.Wants.Cores, node.Cores, node.Memory);

    private static IEnumerable<(NodeAccount Node, SimulatedJob Job)> Waiting(
        ClusterScenario scenario
    ) =>
        from node in scenario.Ledger.Nodes
        where node.Accepts
        from jid in scenario.On(node.Name)
        let job = scenario.Jobs[jid]
        where !job.Started && !Fits(node, job)
        select (node, job);

    private static Obstacle Between(ClusterScenario scenario, Shape shape, NodeAccount node) =>
        Feasibility.Between(shape, node, scenario.Ledger, scenario.Policy.Limits, scenario.Now);
}
