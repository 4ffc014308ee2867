using JobCloud.Node.Daemon.Clocks;
using JobCloud.Node.Executor.Processes;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.Node.Tests.Clocks;

public sealed class ClockTests
{
    private const long Hour = 3_600_000_000;

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public void A_steady_clock_does_not_follow_when_the_wall_clock_is_set(int hours)
    {
        var time = new SteppedTime();
        var clock = new SteadyClock(time);
        var before = clock.Now;
        time.Inner.Advance(TimeSpan.FromSeconds(2));
        time.Step = TimeSpan.FromHours(hours);
        Assert.Equal(2_000_000, clock.Now - before);
    }

    [Theory]
    [InlineData(-2 * Hour)]
    [InlineData(0)]
    [InlineData(2 * Hour)]
    public void A_change_of_the_wall_clock_does_not_change_a_runtime(long step)
    {
        var start = new Moment(BootUs: 50_000_000, WallUs: 1_000 * Hour);
        var end = new Moment(BootUs: 53_000_000, WallUs: 1_000 * Hour + 3_000_000 + step);
        Assert.Equal(3_000_000, end.WallUsSince(start) - start.WallUs);
    }

    private sealed class SteppedTime : TimeProvider
    {
        public FakeTimeProvider Inner { get; } = new();
        public TimeSpan Step { get; set; }
        public override long TimestampFrequency => Inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Inner.GetUtcNow() + Step;

        public override long GetTimestamp() => Inner.GetTimestamp();
    }
}
