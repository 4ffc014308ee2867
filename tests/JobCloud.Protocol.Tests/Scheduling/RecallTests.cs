using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class RecallTests
{
    private const double Late = 0.25;
    private const double Overdue = 1.1;

    [Fact]
    public void Attempts_that_wait_are_recalled_for_a_more_urgent_job_which_runs_next()
    {
        var cloud = Prefetched(priority: 9);
        var pinned = cloud.On("n1").Where(jid => !cloud.Jobs[jid].Started).ToList();
        Assert.NotEmpty(pinned);
        cloud.After(Late).Job(priority: -3);
        var urgent = cloud.LastJid;

        var plan = cloud.Run();

        Assert.Empty(plan.Assignments);
        Assert.Equal(pinned, Recalled(plan));
        cloud.HandBack(plan).End(cloud.On("n1").First()).Run();
        Assert.Equal("n1", cloud.NodeOf(urgent));
    }

    [Fact]
    public void Attempts_that_wait_are_recalled_when_another_node_has_room_and_run_there()
    {
        var cloud = Prefetched(priority: 5, jobs: 45).Node(cores: 8);
        var plan = cloud.After(Late).Run();
        Assert.NotEmpty(Recalled(plan));
        cloud.HandBack(plan).Run();
        Assert.Equal(Recalled(plan).Take(8), cloud.On("n2"));
    }

    [Fact]
    public void Attempts_that_wait_too_long_are_recalled_if_another_node_could_run_them_later()
    {
        var cloud = Prefetched(priority: 5);
        cloud.Node(cores: 1).Job(priority: 1).Run();
        Assert.Equal("n2", cloud.NodeOf(cloud.LastJid));
        Assert.Empty(cloud.After(Late).Run().Recalls);
        Assert.NotEmpty(Recalled(cloud.After(Overdue).Run()));
    }

    [Fact]
    public void Attempts_stay_where_they_wait_if_nothing_else_can_run_them_or_wants_their_place()
    {
        var cloud = Prefetched(priority: 5);
        cloud.Node(cores: 0).Job(cores: 99, priority: 1).Job(priority: 7);
        Assert.Empty(cloud.After(Overdue).Run().Recalls);
        Assert.Empty(cloud.After(3600).Run().Recalls);
    }

    [Fact]
    public void Attempts_are_not_recalled_while_their_node_keeps_its_pace()
    {
        var cloud = Prefetched(priority: 9).Node(cores: 1);
        cloud.Job(priority: 1, count: 500);
        Assert.Empty(cloud.After(0.05).Run().Recalls);
    }

    [Fact]
    public void A_job_of_an_owner_with_a_smaller_share_takes_the_place_of_waiting_attempts()
    {
        var cloud = Prefetched(priority: 5);
        cloud.Job(owner: "bob").After(Late);
        Assert.NotEmpty(Recalled(cloud.Run()));
    }

    [Fact]
    public void An_attempt_is_recalled_again_only_if_its_node_does_not_answer()
    {
        var cloud = Prefetched(priority: 9).Job(priority: -3).After(Late);
        var recalled = Recalled(cloud.Run());
        Assert.Empty(cloud.After(Overdue).Run().Recalls);
        Assert.Equal(recalled, Recalled(cloud.After(5).Run()));
    }

    [Fact]
    public void An_attempt_whose_priority_changes_is_recalled_and_the_others_yield_to_it()
    {
        var cloud = Prefetched(priority: 9);
        var last = cloud.On("n1").Last();
        cloud.Jobs[last].Wants.Priority = 1;
        var plan = cloud.Active(last, started: false).After(Late).Run();
        Assert.Equal([last], Recalled(plan));
        Assert.NotEmpty(Recalled(cloud.HandBack(plan).After(Late).Run()));
    }

    [Fact]
    public void A_round_is_due_when_waiting_attempts_become_late()
    {
        var cloud = Prefetched(priority: 9);
        cloud.Job(priority: -3);
        var next = cloud.After(0.1).Run().NextRoundAt;
        Assert.InRange(next!.Value - cloud.Now, 1, 200_000);
    }

    /// <summary>A node of two cores that ran quick jobs, then got long ones: two run, others
    /// wait there.</summary>
    private static ClusterScenario Prefetched(int priority, int jobs = 60)
    {
        var cloud = ClusterScenario.Nodes().Node(2, backlog: 64);
        cloud.Job(priority: priority, count: jobs);
        for (var done = 0; done < 30; done++)
        {
            cloud.After(0.005).Run();
            cloud.End(cloud.On("n1").First());
        }
        cloud.Run();
        foreach (var jid in cloud.On("n1").Take(2).ToList())
            cloud.Active(jid, started: true);
        return cloud;
    }

    private static List<long> Recalled(Plan plan) =>
        [
            .. plan.Recalls.SelectMany(recall =>
                recall.Jobs.SelectMany(range =>
                    Enumerable
                        .Range(0, (int)(range.Last - range.First + 1))
                        .Select(i => range.First + i)
                )
            ),
        ];
}
