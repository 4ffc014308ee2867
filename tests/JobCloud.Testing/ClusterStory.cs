using FsCheck;
using FsCheck.Fluent;
using JobCloud.Protocol;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Testing;

/// <summary>A sequence of events of a cloud.</summary>
public sealed record ClusterStory(
    SchedulingPolicy Policy,
    IReadOnlyList<NodeStep> Nodes,
    IReadOnlyList<StoryStep> Steps
)
{
    public override string ToString() =>
        $"{Policy.Order.Name}/{Policy.Choice.Name}: {string.Join(", ", Nodes)}; {string.Join(", ", Steps)}";

    /// <summary>Plays all steps; `solved` gets each plan before it is confirmed.</summary>
    public ClusterScenario Play(Action<ClusterScenario, Plan>? solved = null)
    {
        var scenario = ClusterScenario.Nodes().By(Policy);
        foreach (var node in Nodes)
            node.Join(scenario);
        foreach (var step in Steps)
            step.Do(scenario, solved);
        return scenario;
    }
}

/// <summary>A node that joins.</summary>
/// <param name="Lacks">The features that it does not support.</param>
public sealed record NodeStep(int Cores, int Backlog, NodeFeatures Lacks)
{
    internal void Join(ClusterScenario scenario)
    {
        scenario.Node(Cores, Backlog);
        scenario.Offer(
            $"n{scenario.Offers.Count}",
            offer =>
                offer.Isolation = new()
                {
                    NoSandbox = Lacks.HasFlag(NodeFeatures.Sandbox) ? "no bubblewrap" : "",
                    NoPrivateNetwork = Lacks.HasFlag(NodeFeatures.PrivateNetwork)
                        ? "not allowed"
                        : "",
                }
        );
    }
}

public abstract record StoryStep
{
    private StoryStep() { }

    internal abstract void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved);

    public sealed record Submit(
        int Cores,
        int Priority,
        int Count,
        string Owner,
        int Memory,
        int MaxParallel,
        int MaxFails,
        NodeFeatures Needs
    ) : StoryStep
    {
        internal override void Do(
            ClusterScenario scenario,
            Action<ClusterScenario, Plan>? solved
        ) =>
            scenario.Job(
                Cores,
                Priority,
                Count,
                Owner,
                memory: (long)Memory << 30,
                maxParallel: MaxParallel,
                maxFails: MaxFails,
                needs: Needs
            );
    }

    public sealed record Round : StoryStep
    {
        internal override void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved)
        {
            var plan = scenario.Solve();
            solved?.Invoke(scenario, plan);
            scenario.Accept(plan);
        }
    }

    public sealed record Wait(int Seconds) : StoryStep
    {
        internal override void Do(
            ClusterScenario scenario,
            Action<ClusterScenario, Plan>? solved
        ) => scenario.After(Seconds);
    }

    /// <summary>An event of one of the active jobs.</summary>
    public sealed record Attempt(int Which, AttemptFate Fate) : StoryStep
    {
        internal override void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved)
        {
            var alive = scenario.Jobs.Where(job => job.Value.Node.Length > 0).ToList();
            if (alive.Count == 0)
                return;
            var (jid, job) = alive[Which % alive.Count];
            switch (Fate)
            {
                case AttemptFate.Starts:
                    scenario.Active(jid, started: true);
                    break;
                case AttemptFate.Done:
                    scenario.End(jid);
                    break;
                case AttemptFate.Fails:
                    scenario.End(jid, Status.Error);
                    break;
                case AttemptFate.Retries:
                    scenario.Requeue(jid, wants => wants.NotBefore = scenario.Now + 5_000_000);
                    break;
                case AttemptFate.IsLost:
                    var node = job.Node;
                    scenario.Requeue(
                        jid,
                        wants => (wants.Restarted, wants.AvoidNode) = (true, node)
                    );
                    break;
            }
        }
    }

    public sealed record Kill(int Which) : StoryStep
    {
        internal override void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved)
        {
            var queued = scenario.Jobs.Where(job => job.Value.Queued).ToList();
            if (queued.Count > 0)
                scenario.Withdraw(queued[Which % queued.Count].Key);
        }
    }

    public sealed record Drain(int Which, bool Draining) : StoryStep
    {
        internal override void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved)
        {
            var node = scenario.Offers.Keys.Order().ElementAt(Which % scenario.Offers.Count);
            if (!scenario.Gone.Contains(node))
                scenario.Offer(node, offer => offer.Draining = Draining);
        }
    }

    public sealed record LoseLease(int Which, bool Lost) : StoryStep
    {
        internal override void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved)
        {
            var node = scenario.Offers.Keys.Order().ElementAt(Which % scenario.Offers.Count);
            if (!scenario.Gone.Contains(node))
                scenario.Offer(node, offer => offer.NotReady = Lost ? "no store" : "");
        }
    }

    public sealed record Leave(int Which) : StoryStep
    {
        internal override void Do(ClusterScenario scenario, Action<ClusterScenario, Plan>? solved)
        {
            var node = scenario.Offers.Keys.Order().ElementAt(Which % scenario.Offers.Count);
            scenario.Lose(node);
            foreach (var jid in scenario.On(node).ToList())
                scenario.Requeue(jid, wants => (wants.Restarted, wants.AvoidNode) = (true, node));
        }
    }

    public sealed record ComeBack(int Which) : StoryStep
    {
        internal override void Do(
            ClusterScenario scenario,
            Action<ClusterScenario, Plan>? solved
        ) =>
            scenario.Offer(
                scenario.Offers.Keys.Order().ElementAt(Which % scenario.Offers.Count),
                offer => offer.Session++
            );
    }
}

public enum AttemptFate
{
    Starts,
    Done,
    Fails,
    Retries,
    IsLost,
}

/// <summary>Generators of stories with every policy, for property tests.</summary>
public static class ClusterStories
{
    public static Arbitrary<ClusterStory> Story() => Arb.From(Stories, Shrink);

    private static Gen<StoryStep> Submit =>
        from cores in Gen.Frequency((4, Gen.Constant(1)), (3, Gen.Choose(2, 5)))
        from priority in Gen.Frequency((3, Gen.Constant(5)), (1, Gen.Choose(1, 9)))
        from count in Gen.Frequency(
            (2, Gen.Constant(1)),
            (2, Gen.Choose(2, 12)),
            (1, Gen.Constant(700))
        )
        from owner in Gen.Elements("ann", "bob", "cyd")
        from memory in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 20)))
        from maxParallel in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 3)))
        from maxFails in Gen.Frequency((5, Gen.Constant(0)), (1, Gen.Choose(1, 2)))
        from needs in SomeNeeds
        select (StoryStep)
            new StoryStep.Submit(
                cores,
                priority,
                count,
                owner,
                memory,
                maxParallel,
                maxFails,
                needs
            );

    private static Gen<NodeFeatures> SomeNeeds =>
        Gen.Frequency(
            (5, Gen.Constant(NodeFeatures.None)),
            (1, Gen.Constant(NodeFeatures.Sandbox)),
            (1, Gen.Constant(NodeFeatures.PrivateNetwork)),
            (1, Gen.Constant(NodeFeatures.Sandbox | NodeFeatures.PrivateNetwork))
        );

    private static Gen<StoryStep> Attempt =>
        from which in Gen.Choose(0, 99)
        from fate in Gen.Elements(Enum.GetValues<AttemptFate>())
        select (StoryStep)new StoryStep.Attempt(which, fate);

    private static Gen<StoryStep> Step =>
        Gen.Frequency(
            (5, Submit),
            (6, Gen.Constant((StoryStep)new StoryStep.Round())),
            (8, Attempt),
            (1, Gen.Choose(0, 9).Select(which => (StoryStep)new StoryStep.Kill(which))),
            (2, Gen.Elements(0, 1, 4, 200).Select(span => (StoryStep)new StoryStep.Wait(span))),
            (
                1,
                from which in Gen.Choose(0, 9)
                from draining in Gen.Elements(true, false)
                select (StoryStep)new StoryStep.Drain(which, draining)
            ),
            (
                1,
                from which in Gen.Choose(0, 9)
                from lost in Gen.Elements(true, false)
                select (StoryStep)new StoryStep.LoseLease(which, lost)
            ),
            (1, Gen.Choose(0, 9).Select(which => (StoryStep)new StoryStep.Leave(which))),
            (1, Gen.Choose(0, 9).Select(which => (StoryStep)new StoryStep.ComeBack(which)))
        );

    private static Gen<ClusterStory> Stories =>
        from order in Gen.Elements(PolicyCatalog.Orders.ToArray())
        from choice in Gen.Elements(PolicyCatalog.Choices.ToArray())
        from nodes in (
            from cores in Gen.Choose(1, 6)
            from backlog in Gen.Elements(0, 0, 2, 8)
            from lacks in SomeNeeds
            select new NodeStep(cores, backlog, lacks)
        )
            .ListOf()
            .Where(list => list.Count is > 0 and < 6)
        from steps in Step.ListOf()
        select new ClusterStory(
            new SchedulingPolicy(order, choice, new SchedulingLimits()),
            [.. nodes],
            [.. steps, new StoryStep.Round()]
        );

    private static IEnumerable<ClusterStory> Shrink(ClusterStory story)
    {
        for (var i = 0; i < story.Steps.Count - 1; i++)
            yield return story with
            {
                Steps = [.. story.Steps.Where((_, at) => at != i)],
            };
        for (var i = 0; i < story.Nodes.Count && story.Nodes.Count > 1; i++)
            yield return story with
            {
                Nodes = [.. story.Nodes.Where((_, at) => at != i)],
            };
    }
}
