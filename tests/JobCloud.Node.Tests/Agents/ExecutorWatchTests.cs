using JobCloud.Node.Daemon.Agents;

namespace JobCloud.Node.Tests.Agents;

public sealed class ExecutorWatchTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly ExecutorWatch Watch = new(TimeSpan.FromSeconds(3));

    [Fact]
    public void An_executor_is_gone_after_long_enough_without_a_process()
    {
        var watch = Watch.Unreached(false, Start).Unreached(false, After(2));
        Assert.False(watch.IsGone(After(2)));
        Assert.True(watch.Unreached(false, After(3)).IsGone(After(3)));
    }

    [Fact]
    public void An_executor_with_a_live_process_is_not_gone()
    {
        var watch = Watch.Unreached(false, Start).Unreached(true, After(2));
        Assert.False(watch.IsGone(After(100)));
        Assert.False(watch.Unreached(false, After(100)).IsGone(After(102)));
    }

    [Fact]
    public void A_connected_executor_is_not_gone() =>
        Assert.False(Watch.Unreached(false, Start).Reached().IsGone(After(9)));

    private static DateTimeOffset After(int seconds) => Start.AddSeconds(seconds);
}
