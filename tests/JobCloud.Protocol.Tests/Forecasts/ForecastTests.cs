using JobCloud.Protocol.Api;
using JobCloud.Protocol.Forecasts;
using JobCloud.Protocol.Nodes;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Forecasts;

public sealed class ForecastTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Elements_of_a_map_share_a_bar_on_each_node_and_one_range_of_starts()
    {
        var scenario = ClusterScenario.Nodes(2, 1).Job(count: 6);
        var reply = Run(scenario, Known(1, 6, 10));

        Assert.Equal(
            ["n1 1-5 4 jobs 0-20", "n2 3-6 2 jobs 0-20"],
            reply.Bars.Select(bar => Text(bar, scenario))
        );
        var jobs = Assert.Single(reply.Jobs);
        Assert.Equal((1, 6, 6, 0), (jobs.First, jobs.Last, jobs.Jobs, jobs.Unforeseen));
        Assert.Equal(
            (0, 10 * Second, 20 * Second),
            (
                jobs.StartsFrom - scenario.Now,
                jobs.StartsUntil - scenario.Now,
                jobs.EndsAt - scenario.Now
            )
        );
        Assert.Equal(scenario.Now + 10 * Second, reply.EmptyAt);
        Assert.Equal(scenario.Now + 20 * Second, reply.EndsAt);
    }

    [Fact]
    public void A_job_behind_one_without_a_runtime_has_no_expected_start()
    {
        var scenario = ClusterScenario.Nodes(1).Job().Job();
        var reply = Run(scenario, Known(2, 2, 10));

        Assert.Equal((2, 1, 1), (reply.Queued, reply.Unforeseen, reply.UnknownQueued));
        Assert.Equal((0, 0), (reply.EmptyAt, reply.EndsAt));
    }

    [Fact]
    public void A_running_job_frees_its_place_at_its_expected_end()
    {
        var scenario = ClusterScenario.Nodes(1).Job();
        scenario.Run();
        scenario.Active(1, started: true).Job();
        var asked = Known(2, 2, 10);
        asked.Running.Add(
            new ExpectedEnd
            {
                Jid = 1,
                ElapsedUs = 5 * Second,
                RemainingUs = 3 * Second,
            }
        );
        asked.Jid = 2;
        var reply = Run(scenario, asked);

        Assert.Equal(scenario.Now + 3 * Second, reply.StartsAt);
        Assert.Equal(
            ["n1 1-1 1 jobs -5-3 now", "n1 2-2 1 jobs 3-13"],
            reply.Bars.Select(bar => Text(bar, scenario))
        );
    }

    [Fact]
    public void An_attempt_that_waits_on_its_node_starts_when_others_there_end()
    {
        var scenario = ClusterScenario.Nodes(1).Job();
        scenario.Run();
        scenario.Active(1, started: true);
        // Prefetched: the node had a backlog then.
        scenario.Job(count: 2);
        scenario.Jobs[2].Node = "n1";
        scenario.Active(2, started: false);
        var asked = Known(2, 3, 10);
        asked.Running.Add(new ExpectedEnd { Jid = 1, RemainingUs = 3 * Second });
        var reply = Run(scenario, asked);

        Assert.Equal(2, reply.Queued);
        Assert.Equal(
            ["n1 1-1 1 jobs 0-3 now", "n1 2-3 2 jobs 3-23"],
            reply.Bars.Select(bar => Text(bar, scenario))
        );
    }

    [Fact]
    public void A_job_that_fits_no_node_is_unforeseen()
    {
        var scenario = ClusterScenario.Nodes(2).Job(cores: 3);
        var reply = Run(scenario, Known(1, 1, 10));

        Assert.Equal(1, reply.Unforeseen);
        Assert.Empty(reply.Bars);
    }

    [Fact]
    public void A_limit_of_rounds_is_told()
    {
        var scenario = ClusterScenario.Nodes(1).Job(count: 5);
        var limits = new ForecastLimits { Rounds = 2 };
        var reply = new Forecast(
            scenario.Ledger,
            scenario.Policy,
            scenario.Now,
            Known(1, 5, 10),
            limits
        ).Run();

        Assert.True(reply.Cut);
        Assert.Equal(3, reply.Unforeseen);
        Assert.Equal(0, reply.EmptyAt);
    }

    [Fact]
    public void Ten_thousand_elements_take_one_round_for_each_end()
    {
        var scenario = ClusterScenario.Nodes(16).Job(count: 10_000);
        var limits = new ForecastLimits { Rounds = 625 };
        var reply = new Forecast(
            scenario.Ledger,
            scenario.Policy,
            scenario.Now,
            Known(1, 10_000, 1),
            limits
        ).Run();

        Assert.False(reply.Cut);
        Assert.Equal(scenario.Now + 625 * Second, reply.EndsAt);
        Assert.Single(reply.Bars);
    }

    [Fact]
    public void The_work_of_a_forecast_is_what_is_queued_and_active()
    {
        var scenario = ClusterScenario.Nodes(2).Job(count: 5);
        scenario.Run();
        var work = Forecast.WorkOf(scenario.Ledger, new ForecastLimits());

        Assert.Equal("3-5", string.Join(',', work.Queued.Select(r => $"{r.First}-{r.Last}")));
        Assert.Equal("1-2", string.Join(',', work.Active.Select(r => $"{r.First}-{r.Last}")));
        Assert.True(Forecast.WorkOf(scenario.Ledger, new ForecastLimits { Ranges = 0 }).TooMany);
    }

    private static ForecastReply Run(ClusterScenario scenario, AskForecast asked) =>
        new Forecast(
            scenario.Ledger,
            scenario.Policy,
            scenario.Now,
            asked,
            new ForecastLimits()
        ).Run();

    private static AskForecast Known(long first, long last, int seconds) =>
        new()
        {
            Runtimes =
            {
                new ExpectedRuntime
                {
                    First = first,
                    Last = last,
                    RuntimeUs = seconds * Second,
                },
            },
        };

    private static string Text(ForecastBar bar, ClusterScenario scenario) =>
        $"{bar.Node} {bar.First}-{bar.Last} {bar.Jobs} jobs "
        + $"{(bar.From - scenario.Now) / Second}-{(bar.To - scenario.Now) / Second}"
        + (bar.Running ? " now" : "");
}
