using FsCheck.Xunit;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class StarvationTests
{
    private const int LimitSeconds = 300;

    /// <summary>Adds a stream of one-core jobs of 10 s that alone would keep every core busy
    /// forever.</summary>
    private static double SecondsUntilRun(ClusterScenario cloud, long jid, Random random)
    {
        var started = new Dictionary<long, long>();
        var begin = cloud.Now;
        while (cloud.NodeOf(jid) == "")
        {
            Assert.True(cloud.Now - begin < 3600_000_000L, $"job {jid} starves");
            foreach (var node in cloud.Offers.Keys)
            foreach (var running in cloud.On(node).ToList())
                if (
                    !started.TryAdd(running, cloud.Now)
                    && cloud.Now - started[running] >= 10_000_000
                )
                    cloud.End(running);
            cloud.Job(count: 8, owner: "bob").After(1 + random.NextDouble());
            cloud.Run();
        }
        return (cloud.Now - begin) / 1e6;
    }

    [Property(MaxTest = 20)]
    public void A_large_job_runs_despite_an_endless_stream_of_small_ones(
        int seed,
        bool pack,
        bool fifo
    )
    {
        var policy = SchedulingPolicy.Default with
        {
            Choice = PolicyCatalog.Choices[pack ? 1 : 0],
            Order = PolicyCatalog.Orders[fifo ? 1 : 0],
        };
        var cloud = ClusterScenario.Nodes().By(policy).Node(4, backlog: 4).Node(2).Job(count: 40);
        cloud.Run();
        cloud.Job(cores: 4);
        var waited = SecondsUntilRun(cloud, cloud.LastJid, new Random(seed));
        Assert.InRange(waited, 1, LimitSeconds + 60);
    }

    [Fact]
    public void A_node_is_reserved_for_a_starving_job()
    {
        var cloud = Starving();
        Assert.Equal("", cloud.NodeOf(3));
        Assert.Equal(
            "n1 is reserved for job 2",
            Explanation.Of(cloud.Ledger, cloud.Policy, new Jid(3), cloud.Now).Summary
        );

        cloud.End(1).Run();
        Assert.Equal("n1", cloud.NodeOf(2));
        Assert.Null(cloud.Ledger.Node("n1")!.ReservedFor);
    }

    [Fact]
    public void A_more_urgent_job_can_use_a_reserved_node()
    {
        var cloud = Starving().Job(priority: 1);
        cloud.Run();
        Assert.Equal("n1", cloud.NodeOf(4));
    }

    [Fact]
    public void A_reservation_ends_when_its_job_is_killed()
    {
        var cloud = Starving().Withdraw(2);
        cloud.Run();
        Assert.Equal("n1", cloud.NodeOf(3));
    }

    [Fact]
    public void A_reservation_ends_when_its_job_runs_elsewhere()
    {
        var cloud = ClusterScenario.Nodes(2, 2).Job(count: 3);
        cloud.Run();
        cloud.After(1).Job(2).After(1).Job(1);
        cloud.Run();
        cloud.After(LimitSeconds);
        cloud.Run();
        Assert.NotNull(cloud.Ledger.Node("n1")!.ReservedFor);

        foreach (var jid in cloud.On("n2").ToList())
            cloud.End(jid);
        cloud.Run();
        Assert.Equal("n2", cloud.NodeOf(4));
        Assert.Null(cloud.Ledger.Node("n1")!.ReservedFor);
    }

    [Fact]
    public void The_plan_contains_the_time_when_a_job_starts_to_starve()
    {
        var cloud = ClusterScenario.Nodes(4).Job().After(1).Job(4).After(1).Job(1);
        var plan = cloud.Run();
        Assert.NotNull(plan.NextRoundAt);
        cloud.End(3);
        cloud.Solve();
        Assert.Null(cloud.Ledger.Node("n1")!.ReservedFor);
        cloud.After(LimitSeconds).Solve();
        Assert.Equal(2, cloud.Ledger.Node("n1")!.ReservedFor?.Ranges.Single().First);
    }

    /// <summary>Job 1 runs, job 2 needs all cores and is starving, job 3 would fit.</summary>
    private static ClusterScenario Starving()
    {
        var cloud = ClusterScenario.Nodes(4).Job().After(1).Job(4).After(1).Job(1);
        cloud.Run();
        cloud.End(3).After(LimitSeconds);
        cloud.Requeue(3);
        cloud.Run();
        return cloud;
    }
}
