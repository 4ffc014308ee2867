using JobCloud.Protocol.Wire;
using JobCloud.Tui.FullScreen.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace JobCloud.FullScreen.Tests.Cloud;

/// <summary>Ages are told by the clock of the node.</summary>
public sealed class NodeClockTests
{
    private static readonly TimeSpan Hours = TimeSpan.FromHours(3);

    private readonly FakeTimeProvider _own = new();
    private readonly NodeClock _clock;

    public NodeClockTests() => _clock = new(_own);

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public void A_clock_that_is_hours_wrong_shows_the_time_of_the_node(int hours)
    {
        var node = _own.GetUtcNow().AddHours(hours);

        _clock.Follow(node.ToMicroseconds());

        Assert.Equal(node, _clock.GetUtcNow());
        Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(node.AddMinutes(1), _clock.GetUtcNow());
    }

    [Fact]
    public void Clocks_that_nearly_agree_are_the_same()
    {
        _clock.Follow(_own.GetUtcNow().AddSeconds(-1).ToMicroseconds());

        Assert.Equal(_own.GetUtcNow(), _clock.GetUtcNow());
    }

    [Fact]
    public void Late_news_do_not_set_the_clock_back()
    {
        var node = _own.GetUtcNow() + Hours;
        _clock.Follow(node.ToMicroseconds());

        _clock.Follow(node.AddSeconds(-4).ToMicroseconds());
        _clock.Follow(0);

        Assert.Equal(node, _clock.GetUtcNow());
    }

    [Fact]
    public void A_clock_that_is_set_meanwhile_is_followed()
    {
        _clock.Follow((_own.GetUtcNow() + Hours).ToMicroseconds());
        var corrected = _own.GetUtcNow().AddSeconds(10);

        _clock.Follow(corrected.ToMicroseconds());

        Assert.Equal(corrected, _clock.GetUtcNow());
    }

    [Fact]
    public void Durations_do_not_depend_on_the_node()
    {
        var start = _clock.GetTimestamp();
        _clock.Follow((_own.GetUtcNow() + Hours).ToMicroseconds());
        Pass(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), _clock.GetElapsedTime(start));
    }

    private void Pass(TimeSpan time) => _own.Advance(time);
}
