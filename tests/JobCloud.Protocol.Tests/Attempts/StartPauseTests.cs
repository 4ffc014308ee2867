using JobCloud.Protocol.Attempts;

namespace JobCloud.Protocol.Tests.Attempts;

public sealed class StartPauseTests
{
    [Fact]
    public void Pauses_grow_up_to_a_limit_while_starts_fail()
    {
        var pause = StartPause.None;
        var lengths = new List<long>();
        var now = 5L;
        for (var i = 0; i < 8; i++)
        {
            pause = pause.AfterFailure("no descriptors", now);
            Assert.True(pause.Forbids(now));
            lengths.Add(pause.Until - now);
            now = pause.Until;
            Assert.False(pause.Forbids(now));
        }
        Assert.Equal([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000], lengths);
    }

    [Fact]
    public void Starts_that_were_ordered_before_a_pause_do_not_change_it()
    {
        var pause = StartPause.None.AfterFailure("no descriptors", 0);

        Assert.Equal(pause, pause.AfterFailure("no memory", 500));
        Assert.Equal(pause, pause.AfterStart(999));
    }

    [Fact]
    public void A_start_after_a_pause_ends_the_trouble()
    {
        var pause = StartPause.None.AfterFailure("no descriptors", 0).AfterFailure("no", 1_000);

        Assert.Equal(StartPause.None, pause.AfterStart(pause.Until));
        Assert.Equal(
            1_000,
            pause.AfterStart(pause.Until).AfterFailure("no descriptors", 7_000).Until - 7_000
        );
    }
}
