using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Forecasts;

[Properties(Arbitrary = [typeof(ClusterStories)], MaxTest = 150, EndSize = 60)]
public sealed class ForecastLaws
{
    private const long Second = 1_000_000;

    [Property]
    public void With_known_runtimes_each_job_starts_when_and_where_it_was_expected_to(
        ClusterStory story
    )
    {
        var scenario = Played(story);
        var bars = ForecastOf(scenario).Bars;
        var expected = bars.Where(bar => !bar.Running)
            .ToDictionary(bar => bar.First, bar => (bar.From, bar.Node, bar.To));

        Assert.Equal(expected.OrderBy(start => start.Key), RunAll(scenario));
    }

    [Property]
    public void The_start_of_one_job_is_the_same_as_in_the_forecast_of_all(ClusterStory story)
    {
        var scenario = Played(story);
        foreach (var bar in ForecastOf(scenario).Bars.Where(bar => !bar.Running).Take(5))
            Assert.Equal(bar.From, ForecastOf(scenario, bar.First).StartsAt);
    }

    [Property]
    public void A_forecast_changes_nothing_and_is_repeatable(ClusterStory story)
    {
        var scenario = Played(story);
        var first = ForecastOf(scenario);
        Assert.Equal(first, ForecastOf(scenario));

        var fresh = Played(story);
        Assert.Equal(fresh.Solve().Assignments, scenario.Solve().Assignments);
    }

    [Property]
    public void No_node_is_expected_to_run_more_than_it_has_cores(ClusterStory story)
    {
        var scenario = Played(story);
        var bars = ForecastOf(scenario).Bars;
        foreach (var onNode in bars.GroupBy(bar => bar.Node))
        foreach (var at in onNode.Select(bar => bar.From).Distinct())
            Assert.InRange(
                onNode
                    .Where(bar => bar.From <= at && (at < bar.To || bar.To == 0))
                    .Sum(bar => Math.Max(1, scenario.Jobs[bar.First].Wants.Cores)),
                0,
                scenario.Offers[onNode.Key].Capacity.Cores
            );
    }

    [Property]
    public void A_start_does_not_depend_on_the_end_of_a_job_without_a_runtime(ClusterStory story)
    {
        var scenario = Played(story);
        var asked = Asked(scenario, RuntimeOf);
        foreach (var one in asked.Runtimes.Where(one => one.First % 3 == 0))
            one.RuntimeUs = 0;
        foreach (var one in asked.Running.Where(one => one.Jid % 3 == 0))
            one.RemainingUs = 0;
        var partly = Run(scenario, asked);

        foreach (var bar in partly.Bars)
            Assert.Equal(bar.First % 3 == 0, bar.To == 0);
        var unknown = scenario.Jobs.Where(job => job.Value.Queued && job.Key % 3 == 0);
        Assert.Equal(unknown.Count(), partly.UnknownQueued);
        Assert.Equal(partly.Queued, partly.Unforeseen + partly.Bars.Count(bar => !bar.Running));
        Assert.Equal(partly.Unforeseen == 0 && partly.Queued > 0, partly.EmptyAt > 0);
        if (partly.UnknownQueued + partly.UnknownRunning + partly.Unforeseen > 0)
            Assert.Equal(0, partly.EndsAt);
    }

    [Property]
    public void Jobs_of_a_submission_are_told_together(ClusterStory story)
    {
        var scenario = Played(story);
        var each = ForecastOf(scenario);
        var together = Run(scenario, Together(scenario));

        // All have the same runtime in both.
        Assert.Equal(each.Queued, together.Queued);
        Assert.Equal(each.Queued, together.Jobs.Sum(jobs => jobs.Jobs));
        foreach (var jobs in together.Jobs)
            Assert.InRange(jobs.StartsFrom, 0, jobs.StartsUntil);
        Assert.True(together.Bars.Count <= each.Bars.Count);
    }

    internal static long RuntimeOf(long jid) => (1 + jid * 7_919 % 13) * Second;

    /// <summary>What is left of a story: all that is assigned has started.</summary>
    private static ClusterScenario Played(ClusterStory story)
    {
        var without = story with
        {
            Nodes = [.. story.Nodes.Select(node => node with { Backlog = 0 })],
        };
        var scenario = without.Play();
        foreach (var (jid, _) in scenario.Jobs.Where(job => job.Value.Node.Length > 0).ToList())
            scenario.Active(jid, started: true);
        return scenario;
    }

    private static ForecastReply ForecastOf(ClusterScenario scenario, long jid = 0)
    {
        var asked = Asked(scenario, RuntimeOf);
        asked.Jid = jid;
        return Run(scenario, asked);
    }

    private static ForecastReply Run(ClusterScenario scenario, AskForecast asked) =>
        new Forecast(
            scenario.Ledger,
            scenario.Policy,
            scenario.Now,
            asked,
            new ForecastLimits { Bars = int.MaxValue }
        ).Run();

    /// <summary>The runtime of each job, as if it were a submission.</summary>
    private static AskForecast Asked(ClusterScenario scenario, Func<long, long> runtime)
    {
        var asked = new AskForecast();
        foreach (var (jid, job) in scenario.Jobs)
        {
            asked.Runtimes.Add(
                new ExpectedRuntime
                {
                    First = jid,
                    Last = jid,
                    RuntimeUs = runtime(jid),
                }
            );
            if (job.Node.Length > 0)
                asked.Running.Add(new ExpectedEnd { Jid = jid, RemainingUs = runtime(jid) });
        }
        return asked;
    }

    private static AskForecast Together(ClusterScenario scenario)
    {
        var asked = Asked(scenario, RuntimeOf);
        asked.Runtimes.Clear();
        foreach (var map in scenario.Jobs.GroupBy(job => job.Value.Wants.SubmissionFirst))
            asked.Runtimes.Add(
                new ExpectedRuntime
                {
                    First = map.Key,
                    Last = map.Max(job => job.Key),
                    RuntimeUs = 7 * Second,
                }
            );
        return asked;
    }

    /// <summary>Runs a cloud until nothing more starts; each job ends after its
    /// runtime.</summary>
    private static IEnumerable<KeyValuePair<long, (long From, string Node, long To)>> RunAll(
        ClusterScenario scenario
    )
    {
        var starts = new SortedDictionary<long, (long, string, long)>();
        var ends = new PriorityQueue<long, long>();
        foreach (var (jid, _) in scenario.Jobs.Where(job => job.Value.Node.Length > 0))
            ends.Enqueue(jid, scenario.Now + RuntimeOf(jid));
        // Longer than any back-off, and than others may pass a job.
        for (var until = scenario.Now + 1_000 * Second; scenario.Now < until; )
        {
            var plan = scenario.Run();
            foreach (var jid in plan.Assignments.SelectMany(JidsOf))
            {
                scenario.Active(jid, started: true);
                ends.Enqueue(jid, scenario.Now + RuntimeOf(jid));
                starts.Add(
                    jid,
                    (scenario.Now, scenario.NodeOf(jid), scenario.Now + RuntimeOf(jid))
                );
                until = scenario.Now + 1_000 * Second;
            }
            var next = plan.NextRoundAt > scenario.Now ? plan.NextRoundAt.Value : until;
            if (ends.TryPeek(out _, out var end))
                next = Math.Min(next, end);
            scenario.After((next - scenario.Now) / (double)Second);
            while (ends.TryPeek(out var jid, out end) && end <= scenario.Now)
            {
                ends.Dequeue();
                scenario.End(jid);
            }
        }
        return starts;
    }

    private static IEnumerable<long> JidsOf(Assignment assignment)
    {
        for (var i = 0; i < assignment.Count; i++)
            yield return assignment.First + i;
    }
}
