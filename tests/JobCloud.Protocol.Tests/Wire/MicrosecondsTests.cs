using JobCloud.Protocol.Wire;

namespace JobCloud.Protocol.Tests.Wire;

public sealed class MicrosecondsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_795_968_000_123_457)]
    [InlineData(200_000_000_000_000_001)]
    public void An_instant_round_trips(long micros) =>
        Assert.Equal(micros, Microseconds.ToInstant(micros).ToMicroseconds());

    [Fact]
    public void An_instant_is_independent_of_its_time_zone()
    {
        var utc = new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(1_795_953_600_000_000, utc.ToMicroseconds());
        Assert.Equal(utc.ToMicroseconds(), utc.ToOffset(TimeSpan.FromHours(5)).ToMicroseconds());
    }

    [Fact]
    public void A_duration_is_truncated_to_whole_microseconds() =>
        Assert.Equal(1, TimeSpan.FromTicks(19).ToMicroseconds());
}
