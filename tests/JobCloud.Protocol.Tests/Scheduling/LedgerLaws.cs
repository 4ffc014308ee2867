using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

[Properties(Arbitrary = [typeof(ClusterStories)], MaxTest = 150, EndSize = 60)]
public sealed class LedgerLaws
{
    [Property]
    public void Full_updates_rebuild_the_ledger(ClusterStory story)
    {
        var scenario = story.Play();
        Assert.Equal(StateOf(scenario, scenario.Ledger), StateOf(scenario, Rebuilt(scenario)));
    }

    [Property]
    public void A_full_update_changes_nothing_in_a_complete_ledger(ClusterStory story)
    {
        var scenario = story.Play();
        var before = StateOf(scenario, scenario.Ledger);

        foreach (var segment in scenario.AllSegments)
            scenario.Ledger.Apply(scenario.Full(segment), scenario.Now);

        Assert.Equal(before, StateOf(scenario, scenario.Ledger));
        Assert.Empty(scenario.Solve().Assignments);
    }

    [Property]
    public void A_pending_assignment_survives_a_full_update_without_it(ClusterStory story) =>
        story.Play(
            (scenario, plan) =>
            {
                foreach (var segment in scenario.AllSegments)
                    scenario.Ledger.Apply(scenario.Full(segment), scenario.Now);
                foreach (var (node, jids) in scenario.Assigned(plan))
                    Assert.All(
                        jids,
                        jid => Assert.Equal(node, scenario.Ledger.NodeOf(new Jid(jid))?.Name)
                    );
                Assert.Empty(scenario.Solve().Assignments);
            }
        );

    [Property]
    public void The_order_of_updates_and_offers_does_not_matter(ClusterStory story, int seed)
    {
        var scenario = story.Play();
        var (straight, shuffled) = (Rebuilt(scenario), Rebuilt(scenario, new Random(seed)));

        Assert.Equal(
            Scheduler.Solve(straight, scenario.Policy, scenario.Now).Assignments,
            Scheduler.Solve(shuffled, scenario.Policy, scenario.Now).Assignments
        );
        Assert.Equal(StateOf(scenario, straight), StateOf(scenario, shuffled));
    }

    [Property]
    public void A_repeated_update_changes_nothing(ClusterStory story, int jid)
    {
        var scenario = story.Play();
        if (scenario.LastJid == 0)
            return;
        jid = (int)(1 + (uint)jid % scenario.LastJid);
        var before = StateOf(scenario, scenario.Ledger);
        var again = scenario.Full(Segments.Of(jid));
        again.Full = false;

        scenario.Ledger.Apply(again, scenario.Now);

        Assert.Equal(before, StateOf(scenario, scenario.Ledger));
    }

    private static Ledger Rebuilt(ClusterScenario scenario, Random? random = null)
    {
        var steps = new List<Action<Ledger>>();
        foreach (var offer in scenario.Offers.Values)
            steps.Add(ledger =>
            {
                ledger.Apply(offer, scenario.Now);
                if (scenario.Gone.Contains(offer.Node))
                    ledger.Leave(offer.Node, planned: false, scenario.Now);
            });
        foreach (var update in scenario.AllSegments.Select(scenario.Full))
            steps.Add(ledger => ledger.Apply(update, scenario.Now));

        var rebuilt = new Ledger();
        foreach (var one in random is null ? steps : [.. steps.OrderBy(_ => random.Next())])
            one(rebuilt);
        return rebuilt;
    }

    /// <summary>The state of a ledger, by job and by node.</summary>
    private static List<string> StateOf(ClusterScenario scenario, Ledger ledger)
    {
        var state = new List<string>();
        foreach (var jid in scenario.Jobs.Keys)
            state.Add(
                $"{jid}: {ledger.NodeOf(new Jid(jid))?.Name} {Wants(ledger.Queued(new Jid(jid)))}"
            );
        foreach (var node in ledger.Nodes)
            state.Add(
                $"{node.Name}: {node.CoresHeld} {node.MemoryHeld} {node.Attempts} {node.Processing} "
                    + $"{node.CoresProcessing} {node.MemoryProcessing} {node.Accepts}"
            );
        foreach (
            var map in ledger.Maps.Where(map => map.Running > 0).OrderBy(map => map.SubmissionFirst)
        )
            state.Add($"{map.SubmissionFirst}: {map.Running} {map.Failures} {map.ReachedMaxFails}");
        return state;
    }

    private static string Wants(QueuedRange? range) =>
        range is null
            ? ""
            : $"{range.Shape.Priority} {range.Shape.Restarted} {range.Shape.AvoidNode} {range.Place} "
                + $"{range.NotBefore} {range.Shape.Demand.Cores} {range.Shape.Demand.Memory} "
                + $"{range.Shape.Demand.Owner.Name} {range.Shape.Demand.Map?.SubmissionFirst}";
}
