using FsCheck.Xunit;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

[Properties(Arbitrary = [typeof(ClusterStories)], MaxTest = 150, EndSize = 60)]
public sealed class SchedulerLaws
{
    [Property]
    public void No_node_exceeds_its_capacity_and_its_backlog(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                scenario.Assigned(plan);
                foreach (var (node, offer) in scenario.Offers)
                    if (plan.Assignments.Any(assignment => assignment.Node == node))
                        Assert.InRange(Excess(scenario, node, offer), 0, offer.Backlog);
            }
        );

    [Property]
    public void No_job_is_assigned_twice_or_before_its_time(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                var seen = new HashSet<long>();
                foreach (var assignment in plan.Assignments)
                    for (
                        var jid = assignment.First;
                        jid < assignment.First + assignment.Count;
                        jid++
                    )
                    {
                        Assert.True(seen.Add(jid), $"{jid} twice in one plan");
                        Assert.True(scenario.Jobs[jid].Queued, $"{jid} is not queued");
                        Assert.True(scenario.Jobs[jid].Wants.NotBefore <= scenario.Now);
                    }
            }
        );

    [Property]
    public void A_draining_lost_or_unready_node_gets_nothing(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                foreach (var assignment in plan.Assignments)
                {
                    Assert.False(scenario.Offers[assignment.Node].Draining);
                    Assert.Equal("", scenario.Offers[assignment.Node].NotReady);
                    Assert.DoesNotContain(assignment.Node, scenario.Gone);
                }
            }
        );

    [Property]
    public void No_node_gets_a_job_whose_isolation_it_does_not_support(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                foreach (var assignment in plan.Assignments)
                {
                    var wants = scenario.Jobs[assignment.First].Wants;
                    var isolation = scenario.Offers[assignment.Node].Isolation;
                    Assert.False(wants.NeedsSandbox && isolation.NoSandbox.Length > 0);
                    Assert.False(
                        wants.NeedsPrivateNetwork && isolation.NoPrivateNetwork.Length > 0
                    );
                }
            }
        );

    [Property]
    public void A_second_round_on_the_same_ledger_has_an_empty_plan(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                var again = scenario.Solve();
                Assert.Empty(again.Assignments);
                Assert.Empty(again.Notices);
                Assert.Empty(again.Kills);
                Assert.Empty(again.SegmentsToAsk);
            }
        );

    [Property]
    public void No_job_overtakes_a_more_urgent_one_of_at_most_its_size(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                var held = plan
                    .Holds.Where(hold =>
                        hold
                            is {
                                Reason: HoldReason.NoRoom,
                                Shape: { AvoidNode: "", Demand.Features: NodeFeatures.None }
                            }
                    )
                    .Select(hold => hold.Shape)
                    .ToList();
                foreach (var assignment in plan.Assignments)
                {
                    var wants = scenario.Jobs[assignment.First].Wants;
                    Assert.DoesNotContain(
                        held,
                        shape =>
                            shape.Priority < wants.Priority
                            && shape.Demand.Cores <= wants.Cores
                            && shape.Demand.Memory <= wants.MemoryBytes
                            // A share of a node's memory compares only with other shares.
                            && (shape.Demand.Memory == 0) == (wants.MemoryBytes == 0)
                    );
                }
            }
        );

    [Property]
    public void A_map_never_exceeds_its_max_parallel(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                scenario.Assigned(plan);
                var running = scenario
                    .Jobs.Values.Where(job => job.Node.Length > 0 && job.Wants.MaxParallel > 0)
                    .GroupBy(job => job.Wants.SubmissionFirst);
                foreach (var map in running)
                    Assert.InRange(map.Count(), 0, map.First().Wants.MaxParallel);
            }
        );

    [Property]
    public void Every_node_confirms_the_reason_why_a_job_waits(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                foreach (var (shape, reason) in plan.Holds)
                {
                    if (reason != HoldReason.NoRoom)
                        Assert.Equal(reason, Feasibility.HoldOf(shape));
                    else
                        foreach (var node in scenario.Ledger.Nodes)
                            Assert.NotEqual(Obstacle.None, Between(scenario, shape, node));
                    var jid = shape.Ranges.First().First;
                    var reply = Explanation.Of(
                        scenario.Ledger,
                        scenario.Policy,
                        new Jid(jid),
                        scenario.Now
                    );
                    Assert.NotEmpty(reply.Summary);
                    Assert.DoesNotContain(
                        reply.Nodes,
                        verdict => verdict.FitsNow || verdict.Why == ""
                    );
                }
            }
        );

    [Property]
    public void Every_queued_job_is_assigned_or_has_a_reason_to_wait(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                scenario.Assigned(plan);
                var held = plan.Holds.Select(hold => hold.Shape).ToHashSet();
                foreach (var (jid, job) in scenario.Jobs)
                {
                    var range = scenario.Ledger.Queued(new Jid(jid));
                    Assert.Equal(job.Queued, range is not null);
                    if (range is null || held.Contains(range.Shape))
                        continue;
                    Assert.True(range.NotBefore > scenario.Now);
                    Assert.True(plan.NextRoundAt <= range.NotBefore);
                }
            }
        );

    [Property]
    public void The_next_job_is_assigned_if_and_only_if_a_verdict_says_it_fits(
        ClusterStory story,
        byte cores
    )
    {
        var scenario = story.Play();
        scenario.Run();
        scenario.Job(cores: 1 + cores % 6, priority: -1);
        var jid = scenario.LastJid;
        var reply = Explanation.Of(scenario.Ledger, scenario.Policy, new Jid(jid), scenario.Now);

        scenario.Run();

        Assert.Equal(0, reply.Ahead);
        Assert.Equal(reply.Nodes.Any(node => node.FitsNow), scenario.NodeOf(jid) != "");
    }

    [Property]
    public void The_number_of_jobs_ahead_is_correct(ClusterStory story)
    {
        var scenario = story.Play();
        var order = scenario.Policy.Order;
        var all = (
            from shape in scenario.Ledger.Shapes
            from range in shape.Ranges
            from i in Enumerable.Range(0, range.Count)
            select (Range: range, Jid: range.First + i)
        ).ToList();
        var ahead = all.Select(job =>
            Explanation.Ahead(scenario.Ledger, order, job.Range, new Jid(job.Jid))
        );

        Assert.Equal(Enumerable.Range(0, all.Count).Select(i => (long)i), ahead.Order());
    }

    private static Obstacle Between(ClusterScenario scenario, Shape shape, NodeAccount node) =>
        Feasibility.Between(shape, node, scenario.Ledger, scenario.Policy.Limits, scenario.Now);

    /// <summary>The number of attempts to remove, the largest first, so that the others
    /// fit.</summary>
    private static int Excess(ClusterScenario scenario, string node, NodeOffer offer)
    {
        var wants = scenario.On(node).Select(jid => scenario.Jobs[jid].Wants).ToList();
        return Math.Max(
            Excess(wants.Select(want => (long)want.Cores), offer.Capacity.Cores),
            Excess(
                wants.Select(want =>
                    PlacementSize.Memory(
                        want.MemoryBytes,
                        want.Cores,
                        offer.Capacity.Cores,
                        offer.Capacity.MemoryBytes
                    )
                ),
                offer.Capacity.MemoryBytes
            )
        );
    }

    private static int Excess(IEnumerable<long> sizes, long capacity)
    {
        var sorted = sizes.OrderDescending().ToList();
        var (sum, removed) = (sorted.Sum(), 0);
        while (sum > capacity)
            sum -= sorted[removed++];
        return removed;
    }
}
