using FsCheck;
using FsCheck.Xunit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Scheduling;

namespace JobCloud.Protocol.Tests.Scheduling;

public sealed class DrainTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 100 * Second)]
    [InlineData(5_000, false, 105 * Second)]
    [InlineData(5_000, true, 105 * Second)]
    public void A_drain_stops_jobs_at_its_deadline_or_at_once_or_never(
        long deadlineMs,
        bool force,
        long stopAt
    )
    {
        var request = new DrainRequest { DeadlineMs = deadlineMs, Force = force };
        Assert.Equal(stopAt, Drain.Of(request, 100 * Second)!.StopAt);
    }

    [Fact]
    public void An_undrain_ends_a_drain() =>
        Assert.Null(Drain.Of(new DrainRequest { Undrain = true }, 1));

    [Property]
    public bool A_node_stops_its_jobs_at_the_deadline_whenever_it_gets_the_drain(
        PositiveInt deadlineMs,
        NonNegativeInt laterMs
    )
    {
        var drain = Drain.Of(new DrainRequest { DeadlineMs = deadlineMs.Get }, Second)!;
        var sentAt = Second + laterMs.Get * 1000L;
        var request = drain.ToNode(sentAt);
        var stops = request.Force ? sentAt : sentAt + request.DeadlineMs * 1000;
        return stops == Math.Max(sentAt, drain.StopAt) && request.Since == drain.Since;
    }
}
