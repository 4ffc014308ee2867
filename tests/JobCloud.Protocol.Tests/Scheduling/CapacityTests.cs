using JobCloud.Protocol.Api;
using JobCloud.Protocol.Scheduling;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Jobs that no node could ever run, and what a job without limits counts as.</summary>
public sealed class CapacityTests
{
    private static readonly Resources[] Two = [Node(4, 8), Node(8, 4)];

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(8, 0, null)]
    [InlineData(0, 8, null)]
    [InlineData(4, 8, null)]
    [InlineData(64, 0, "no node has 64 cores")]
    [InlineData(64, 64, "no node has 64 cores")]
    [InlineData(0, 64, "no node has 64 GiB of memory")]
    [InlineData(8, 8, "no node has 8 cores and 8 GiB of memory")]
    public void A_job_larger_than_every_node_gets_the_reason(int cores, long gib, string? why) =>
        Assert.Equal(why, Capacities.WhyNone(cores, gib << 30, Two));

    [Fact]
    public void No_note_is_given_while_no_node_is_known() =>
        Assert.Null(Capacities.WhyNone(64, 0, []));

    [Theory]
    [InlineData(7, 7, "Job 7 cannot run on any node now: no node has 64 cores; it waits.")]
    [InlineData(7, 9, "Jobs 7-9 cannot run on any node now: no node has 64 cores; they wait.")]
    [InlineData(0, 0, "It could not run on any node now: no node has 64 cores.")]
    public void The_note_names_the_jobs(long first, long last, string note) =>
        Assert.Equal(
            note,
            CapacityNote.Of(
                new SubmitReply
                {
                    First = first,
                    Last = last,
                    NoNode = "no node has 64 cores",
                }
            )
        );

    [Fact]
    public void A_job_that_fits_has_no_note() =>
        Assert.Null(CapacityNote.Of(new SubmitReply { First = 7, Last = 7 }));

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(0, 2, 6)]
    [InlineData(5, 2, 5)]
    public void A_job_without_a_limit_of_memory_counts_as_the_share_of_its_cores(
        long limit,
        int cores,
        long counted
    ) => Assert.Equal(counted, PlacementSize.Memory(limit, cores, nodeCores: 8, nodeMemory: 24));

    [Fact]
    public void Jobs_without_limits_fill_a_node_to_its_cores()
    {
        var cloud = ClusterScenario.Nodes().Node(4, memory: 10).Job(count: 8);
        cloud.Run();
        Assert.Equal([1, 2, 3, 4], cloud.On("n1"));
    }

    [Fact]
    public void A_job_with_more_than_its_share_leaves_room_for_fewer_others()
    {
        var cloud = ClusterScenario
            .Nodes()
            .Node(4, memory: 8)
            .Job(memory: 5)
            .After(1)
            .Job(count: 4);
        cloud.Run();
        Assert.Equal([1, 2], cloud.On("n1"));
    }

    [Fact]
    public void A_share_that_does_not_fit_does_not_stop_a_smaller_limit()
    {
        var cloud = ClusterScenario
            .Nodes()
            .Node(4, memory: 8)
            .Job(memory: 7)
            .After(1)
            .Job()
            .After(1)
            .Job(memory: 1);
        cloud.Run();
        Assert.Equal([1, 3], cloud.On("n1"));
    }

    private static Resources Node(int cores, long gib) =>
        new() { Cores = cores, MemoryBytes = gib << 30 };
}
