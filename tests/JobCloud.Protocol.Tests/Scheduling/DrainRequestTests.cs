using JobCloud.Protocol.Api;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.Tests.Scheduling;

/// <summary>Drains as requests make them and as nodes receive them.</summary>
public sealed class DrainRequestTests
{
    private const long Now = 100_000_000;

    [Fact]
    public void A_drain_is_known_by_the_instant_of_its_request()
    {
        Assert.Equal(Now, Drain.Of(new DrainRequest { Node = "n1" }, Now)!.Since);
        Assert.Equal(1, Drain.Of(new DrainRequest { Node = "n1" }, 0)!.Since);
    }

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(Now - 1, true, 0)]
    [InlineData(Now, true, 0)]
    [InlineData(Now + 1, false, 1)]
    [InlineData(Now + 1_000, false, 1)]
    [InlineData(Now + 1_001, false, 2)]
    public void A_node_receives_the_remaining_time_or_an_order_to_stop_at_once(
        long stopAt,
        bool force,
        long deadlineMs
    )
    {
        var request = new Drain("n1", "ann", "disk", Since: 7, stopAt).ToNode(Now);
        Assert.Equal((force, deadlineMs), (request.Force, request.DeadlineMs));
        Assert.Equal(
            ("n1", "ann", "disk", 7L),
            (request.Node, request.By, request.Reason, request.Since)
        );
    }
}
