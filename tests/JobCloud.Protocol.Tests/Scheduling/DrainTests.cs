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
    public void What_runs_is_stopped_at_the_deadline_or_at_once_if_forced_and_else_never(
        long deadlineMs,
        bool force,
        long stopAt
    )
    {
        var request = new DrainRequest { DeadlineMs = deadlineMs, Force = force };
        Assert.Equal(stopAt, Drain.Of(request, 100 * Second)!.StopAt);
    }

    [Fact]
    public void An_undrain_is_the_end_of_one() =>
        Assert.Null(Drain.Of(new DrainRequest { Undrain = true }, 1));

    [Property]
    public bool Whenever_a_node_is_told_it_stops_what_runs_at_the_same_instant(
        PositiveInt deadlineMs,
        NonNegativeInt laterMs
    )
    {
        var drain = Drain.Of(new DrainRequest { DeadlineMs = deadlineMs.Get }, Second)!;
        var told = Second + laterMs.Get * 1000L;
        var heard = drain.ToNode(told);
        var stops = heard.Force ? told : told + heard.DeadlineMs * 1000;
        return stops == Math.Max(told, drain.StopAt) && heard.Since == drain.Since;
    }
}
